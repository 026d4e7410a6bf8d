import type { Disagreement } from './certificate/compare-verdicts.ts'
import { createClientIdentification } from './certificate/identify-client.ts'
import type { TrustRevocation } from './certificate/revocation/open-revocation.ts'
import type { LiveTrust } from './certificate/trust/live-trust.ts'
import { identificationKey } from './endpoint/find-overlap.ts'
import type { Foundation } from './foundation.ts'
import type { GatewayPlan } from './load-gateway.ts'
import type { CertificateDemand } from './model/policy.ts'
import type { Stages } from './model/stages.ts'
import { withHeldCrls } from './with-held-crls.ts'

/** One for all endpoints that know their clients by the same certificates, so that none is verified twice. */
export function buildIdentifications(
  plan: GatewayPlan,
  foundation: Foundation,
  trustEdition: () => number | null,
): ReadonlyMap<string, Stages['identify']> {
  const byKey = new Map(plan.endpoints.map((endpoint) => [identificationKey(endpoint), endpoint]))
  return new Map(
    [...byKey].map(([key, { trust: name, policy }]) => {
      const [trust, revocation] = [foundation.trusts.get(name), foundation.revocations.get(name)]
      if (trust === undefined || revocation === undefined) throw new Error(`no trusted issuers ${name}`)
      const demand = policy.certificate
      return [key, buildIdentification({ demand, trust, revocation, trustEdition }, foundation)]
    }),
  )
}

interface IdentificationParts {
  readonly demand: CertificateDemand
  readonly trust: LiveTrust
  readonly revocation: TrustRevocation
  readonly trustEdition: () => number | null
}

function buildIdentification(
  { demand, trust, revocation, trustEdition }: IdentificationParts,
  { settings, metrics, log, trusts }: Foundation,
): Stages['identify'] {
  return createClientIdentification({
    demand,
    trust: () => trust.current,
    presentedLimit: settings.limits.presentedCertificates,
    revocation: withHeldCrls(trust, revocation),
    trustEdition,
    soleTrust: trusts.size === 1,
    onDisagreement: (disagreement: Disagreement) => {
      metrics.countEvent('certificate-verdicts-disagree')
      const level = disagreement.outdated ? 'info' : 'error'
      log[level]('certificate-verdicts-disagree', { trustedIssuers: trust.current.name, ...disagreement })
    },
  })
}
