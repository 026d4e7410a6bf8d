import type { Reason } from '../model/reasons.ts'

/** What can be wrong with anything that is signed. */
type SignatureFault =
  | 'malformed'
  | 'headerForbidden'
  | 'algorithmForbidden'
  | 'keyUnknown'
  | 'keysUnavailable'
  | 'certificateUntrusted'
  | 'signatureInvalid'
  | 'tooOld'
  | 'fromFuture'
  | 'expired'
  | 'claimInvalid'

/** A software statement or a request: the words in which the same checks refuse either. */
export interface SignedThing {
  /** As a message names it: `the software statement`. */
  readonly name: string
  /** Where its findings are: `software_statement`. */
  readonly at: string
  /** Whose keys it must be signed with: `the directory`. */
  readonly signer: string
  readonly reasons: Readonly<Record<SignatureFault, Reason>>
}
