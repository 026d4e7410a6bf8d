import { join } from 'node:path'
import { openAuditTrail, type AuditTrail } from './audit/audit-trail.ts'
import { openRevocation, type TrustRevocation } from './certificate/revocation/open-revocation.ts'
import { DEFAULT_GATE_LIMITS, FetchGate } from './certificate/revocation/store/fetch-gate.ts'
import type { RevocationEvent } from './certificate/revocation/store/revocation-event.ts'
import { DEFAULT_FOLDER_LIMITS, RevocationFolder } from './certificate/revocation/store/revocation-folder.ts'
import { LiveTrust } from './certificate/trust/live-trust.ts'
import type { ResolveHost } from './egress/egress-rules.ts'
import type { ServerMetadata } from './forward/server-metadata.ts'
import type { Upstream } from './forward/upstream.ts'
import type { GatewayPlan } from './load-gateway.ts'
import type { ClientAdministration } from './model/client-upkeep.ts'
import type { Clock } from './model/clock.ts'
import { openEgress, openServer, type Egress } from './open-egress.ts'
import { openAdministration, openUpstream } from './open-identity-server.ts'
import { openState } from './open-registrations.ts'
import { createMetrics, type Metrics } from './operations/metrics.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { createRateLimits, type RateLimits } from './registry/rates/rate-limits.ts'
import type { Registry } from './registry/registry.ts'
import { createKeyRing, type KeyRing } from './sealing/key-ring.ts'
import type { Settings } from './settings/settings.ts'

/** What the stages of all endpoints share, and what must be closed when the gateway stops. */
export interface Foundation {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: OperationalLog
  readonly metrics: Metrics
  readonly audit: AuditTrail
  readonly registry: Registry
  readonly rates: RateLimits
  readonly upstream: Upstream
  /** Null where the operator names none. */
  readonly administration: ClientAdministration | null
  readonly ring: KeyRing
  readonly egress: Egress
  readonly serverMetadata: ServerMetadata
  /** By the name of their folder; replaced whole while the gateway runs. */
  readonly trusts: ReadonlyMap<string, LiveTrust>
  /** By the same names. */
  readonly revocations: ReadonlyMap<string, TrustRevocation>
}

/** Closes something that was opened; they run last opened first. */
export type Closer = () => unknown

/** Opens everything below the stages; whatever is open is in `opened`, even when a later part cannot be had and this throws. */
export async function layFoundation(
  { settings, trusts }: GatewayPlan,
  clock: Clock,
  log: OperationalLog,
  opened: Closer[],
  resolveHost?: ResolveHost,
): Promise<Foundation> {
  const metrics = createMetrics()
  const audit = openAuditTrail({
    file: settings.audit.file,
    onFailure: (error, line) =>
      log.error('audit-failed', { error: error.message, record: JSON.parse(line) as unknown }),
  })
  opened.push(audit.close)
  const registry = await openState(settings.state, clock, log)
  opened.push(() => registry.close())
  const rates = openRates(settings, registry, { clock, metrics })
  const upstream = openUpstream(settings.upstream, log)
  opened.push(() => upstream.close())
  const live = new Map([...trusts].map(([name, store]) => [name, new LiveTrust(store)]))
  const revocations = await openRevocations(live, settings.revocation.folder, { clock, log, metrics }, opened)
  const ring = createKeyRing(settings.sealing.keys)
  const administration = openAdministration(settings.upstream, log, opened)
  const egress = openEgress(clock, { log, metrics }, resolveHost)
  const serverMetadata = openServer(settings.upstream, egress)
  opened.push(serverMetadata.close)
  const outward = { upstream, administration, ring, egress, serverMetadata }
  return { settings, clock, log, metrics, audit, registry, rates, ...outward, trusts: live, revocations }
}

/** One gate for all, so that the sources of one scheme cannot keep those of another waiting; one folder for each scheme. */
async function openRevocations(
  trusts: ReadonlyMap<string, LiveTrust>,
  folder: string | null,
  { clock, log, metrics }: Pick<Foundation, 'clock' | 'log' | 'metrics'>,
  opened: Closer[],
): Promise<ReadonlyMap<string, TrustRevocation>> {
  const onEvent = (event: RevocationEvent): void => {
    const { kind, ...facts } = event
    metrics.countEvent(kind)
    log[kind.endsWith('-fetched') ? 'info' : 'warn'](kind, facts)
  }
  const gate = new FetchGate(DEFAULT_GATE_LIMITS, clock, onEvent)
  const revocations = new Map<string, TrustRevocation>()
  for (const [name, trust] of trusts) {
    const kept = folder === null ? null : new RevocationFolder(join(folder, name), DEFAULT_FOLDER_LIMITS, onEvent)
    const revocation = openRevocation({ trust: () => trust.current, gate, clock, folder: kept, onEvent })
    opened.push(() => revocation.close())
    await revocation.load()
    revocations.set(name, revocation)
  }
  return revocations
}

/** Several processes count together in Redis; one counts by itself, where a count may be forgotten sooner than a claim. */
function openRates(
  { rates, state }: Settings,
  registry: Registry,
  { clock, metrics }: Pick<Foundation, 'clock' | 'metrics'>,
): RateLimits {
  const shared = state.kind === 'redis' ? { registry, whenUnavailable: state.whenUnavailable.rates } : null
  return createRateLimits({ limits: rates, clock, shared, onEvent: metrics.countRateLimit })
}
