import type { ApprovedRegistration } from '../model/decision.ts'
import { isReservedHeader, normalisedHeaderName } from '../model/reserved-headers.ts'

/**
 * Headers that tell the identity server whom the gateway verified, on top of those it lets through from the registrant. Every
 * look-alike is stripped by normalised name before ours are set: case, `_` for `-`, and whatever the policy names for itself
 * (identity spoofing through headers; RFC 9440 section 4).
 */
export function buildIdentityHeaders(approved: ApprovedRegistration): Record<string, string> {
  const { client, request } = approved.evidence
  const verified: Record<string, string> = { ...approved.headers }
  if (client !== null) verified['client-cert'] = client.clientCertHeader
  if (client !== null && client.clientCertChainHeader !== '')
    verified['client-cert-chain'] = client.clientCertChainHeader
  const passed = withoutLookAlikes(request.passedHeaders, Object.keys(approved.headers))
  return { ...passed, ...verified }
}

function withoutLookAlikes(headers: Readonly<Record<string, string>>, own: readonly string[]): Record<string, string> {
  const ours = new Set(own.map(normalisedHeaderName))
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !isReservedHeader(name) && !ours.has(normalisedHeaderName(name))),
  )
}
