import type { RevocationProblem } from './revocation-failure.ts'

/** Facts of an answer that was accepted; the address is the normalised one, in which nothing unescaped is left. */
interface Accepted {
  readonly url: string
  readonly bytes: number
  readonly nextUpdate: Date | null
}

interface Failed {
  /** Null when there was nobody to ask. */
  readonly url: string | null
  readonly problem: RevocationProblem
  readonly detail: string
}

/** For the operator's log and metrics: facts alone, nothing of what was answered. */
export type RevocationEvent =
  | ({ readonly kind: 'crl-fetched' } & Accepted)
  | ({ readonly kind: 'ocsp-fetched' } & Accepted)
  | ({ readonly kind: 'crl-failed' } & Failed)
  | ({ readonly kind: 'ocsp-failed' } & Failed)
  /** Told once each time that it begins, not for everybody who is turned away. */
  | { readonly kind: 'revocation-queue-full'; readonly host: string }
  | { readonly kind: 'revocation-host-rests'; readonly host: string; readonly restMs: number }
  | { readonly kind: 'revocation-folder-failed'; readonly action: FolderAction; readonly code: string }
  /** `file` is a bare name; null where nothing was left but the number of those that were not looked at. */
  | { readonly kind: 'revocation-file-ignored'; readonly file: string; readonly problem: FileProblem }

export type FolderAction = 'open' | 'read' | 'write' | 'remove'

export type FileProblem =
  | 'foreign' // not one of ours: left where it is
  | 'not-a-file'
  | 'too-large'
  | 'damaged'
  | 'misnamed'
  | 'malformed'
  | 'unusable'
