import type { TrustRevocation } from './certificate/revocation/open-revocation.ts'
import type { LiveTrust } from './certificate/trust/live-trust.ts'
import type { TrustStore } from './certificate/trust/trust-store.ts'

/** What was fetched together with the CRLs that the trust folder in force holds. */
export function withHeldCrls(trust: LiveTrust, revocation: TrustRevocation): () => TrustRevocation {
  let known: { readonly crls: TrustStore['crls']; readonly sources: TrustRevocation } | null = null
  return () => {
    const { crls } = trust.current
    if (known?.crls !== crls) known = { crls, sources: revocation.withLocal(crls) }
    return known.sources
  }
}
