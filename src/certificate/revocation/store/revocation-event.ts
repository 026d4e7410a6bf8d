import type { RevocationProblem } from './revocation-failure.ts'

/** Facts of an answer that was accepted; the address is the normalised one, in which nothing unescaped is left. */
interface Accepted {
  readonly url: string
  readonly bytes: number
  readonly nextUpdate: Date | null
}

interface Failed {
  /** Of the first who was asked. */
  readonly url: string
  readonly problem: RevocationProblem
  readonly detail: string
}

/** For the operator's log and metrics: facts alone, nothing of what was answered. */
export type RevocationEvent =
  | ({ readonly kind: 'crl-fetched' | 'ocsp-fetched' } & Accepted)
  | ({ readonly kind: 'crl-failed' | 'ocsp-failed' } & Failed)
  /** Told once each time that it begins, not for everybody who is turned away. */
  | { readonly kind: 'revocation-queue-full'; readonly host: string }
  | { readonly kind: 'revocation-host-rests'; readonly host: string; readonly restMs: number }
  | { readonly kind: 'revocation-folder-failed'; readonly action: FolderAction; readonly code: string }
  | { readonly kind: 'revocation-file-ignored'; readonly file: string; readonly problem: FileProblem }

export type FolderAction = 'open' | 'read' | 'write' | 'remove'

/** What is `foreign` or no file at all is left where it is, in case the operator named the wrong folder; all else is removed. */
export type FileProblem = 'foreign' | 'not-a-file' | 'too-large' | 'damaged' | 'misnamed' | 'malformed' | 'unusable'
