import type { SignedThing } from '../signature/signed-thing.ts'

/** How refusals speak of software statements. */
export const SOFTWARE_STATEMENT: SignedThing = {
  name: 'the software statement',
  at: 'software_statement',
  signer: 'the directory',
  reasons: {
    malformed: 'statement-malformed',
    headerForbidden: 'statement-header-forbidden',
    algorithmForbidden: 'statement-algorithm-forbidden',
    keyUnknown: 'statement-key-unknown',
    keysUnavailable: 'statement-keys-unavailable',
    certificateUntrusted: 'statement-certificate-untrusted',
    signatureInvalid: 'statement-signature-invalid',
    tooOld: 'statement-too-old',
    fromFuture: 'statement-from-future',
    expired: 'statement-expired',
    claimInvalid: 'statement-claim-invalid',
  },
}
