import type { KeyObject } from 'node:crypto'
import type { CertificateFacts } from './client.ts'
import type { Finding } from './refusal.ts'

/** Whose certificate path was verified to a trusted issuer, and the key it vouches for. */
export interface VerifiedSigner {
  readonly certificate: CertificateFacts
  readonly key: KeyObject
}

/** Verifies the certificates that came with a signature, the signer's own first; a finding says what is wrong with them. */
export type VerifyChain = (
  chain: readonly [Buffer, ...Buffer[]],
  now: Date,
) => Promise<{ readonly signer: VerifiedSigner } | { readonly refused: Finding }>
