import { nearestName } from '../document/nearest-name.ts'
import type { FaultList } from './fault-list.ts'
import { checkNames, checkRegistrationUrls } from './resolve-endpoints.ts'
import { endpointSchema } from './schema/endpoints-schema.ts'
import type { Sections } from './salvage-sections.ts'

/** Rules between sections, as far as both are sound; `endpoints` is the list as written, so that one faulty entry does not hide others. */
export function checkConsistency(sections: Sections, endpoints: unknown, faults: FaultList): void {
  if (sections.trust !== undefined) checkTrustedIssuers(Object.keys(sections.trust), endpoints, faults)
  if (sections.endpoints !== undefined) checkNames(sections.endpoints, faults)
  if (sections.endpoints !== undefined && sections.upstream !== undefined)
    checkRegistrationUrls(sections.endpoints, sections.upstream, faults)
  checkTimeouts(sections, faults)
  checkPorts(sections, faults)
}

function checkTrustedIssuers(names: readonly string[], endpoints: unknown, faults: FaultList): void {
  if (!Array.isArray(endpoints)) return
  for (const [index, endpoint] of (endpoints as unknown[]).entries()) {
    const { data: name } = endpointSchema.pick({ trustedIssuers: true }).loose().safeParse(endpoint)
    if (name === undefined || names.includes(name.trustedIssuers)) continue
    const near = nearestName(name.trustedIssuers, names)
    const hint = near === null ? undefined : `did you mean ${near}?`
    faults.add(['endpoints', index, 'trustedIssuers'], `a key of trust: ${names.join(', ')}`, name.trustedIssuers, hint)
  }
}

/** What waits for the identity server must wait longer than the identity server may take. */
function checkTimeouts({ upstream, limits, state }: Sections, faults: FaultList): void {
  if (upstream === undefined) return
  const waits = [
    { at: ['limits', 'answerTimeoutMs'], ms: limits?.answerTimeoutMs },
    { at: ['state', 'reservationTtlMs'], ms: state?.reservationTtlMs },
  ]
  for (const { at, ms } of waits) {
    if (ms !== undefined && ms <= upstream.timeoutMs)
      faults.add(at, `more than upstream.timeoutMs (${upstream.timeoutMs})`, String(ms))
  }
}

function checkPorts({ listen, operations }: Sections, faults: FaultList): void {
  if (listen === undefined || operations === undefined || listen.port === 0 || listen.port !== operations.port) return
  const everywhere = [listen.host, operations.host].some((host) => host === '0.0.0.0' || host === '::')
  if (everywhere || listen.host === operations.host) {
    faults.add(['operations', 'port'], 'a port other than listen.port', String(operations.port))
  }
}
