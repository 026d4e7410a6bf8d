import { X509Certificate } from 'node:crypto'
import { openAuditTrail, type AuditTrail } from './audit/audit-trail.ts'
import { createClientIdentification } from './certificate/identify-client.ts'
import { createDecisionId } from './connection/decision-id.ts'
import { startListener, type Listener } from './connection/listener.ts'
import { createForwarding } from './forward/forward-registration.ts'
import { Upstream } from './forward/upstream.ts'
import type { EndpointPlan, GatewayPlan } from './load-gateway.ts'
import type { Clock } from './model/clock.ts'
import { refuse } from './model/refusal.ts'
import type { CommonStages, Exchange, Stages } from './model/stages.ts'
import { createMetrics, type Metrics } from './operations/metrics.ts'
import { startOperationsListener } from './operations/operations-listener.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { handleExchange } from './pipeline.ts'
import { openRegistry } from './registry/open-registry.ts'
import type { Registry } from './registry/registry.ts'
import { createReservations } from './registry/reservations.ts'
import { createRouting } from './request/match-route.ts'
import { createReading } from './request/read-registration.ts'
import { createSelection } from './request/select-endpoint.ts'
import { refuseRequest } from './response/refuse-request.ts'
import { createRewriting } from './response/rewrite-response.ts'
import type { Settings } from './settings/settings.ts'
import { createDirectoryKeys, type DirectoryKeys } from './statement/directory-keys.ts'
import { createStatementVerification } from './statement/verify-statement.ts'

export interface RunningGateway {
  readonly port: number
  readonly operationsPort: number
  /** Stops accepting, lets running exchanges finish within `limits.drainTimeoutMs`, then closes everything. */
  readonly stop: () => Promise<void>
}

/** What the stages of all endpoints share, and what must be closed when the gateway stops. */
interface Foundation {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: OperationalLog
  readonly metrics: Metrics
  readonly audit: AuditTrail
  readonly registry: Registry
  readonly upstream: Upstream
}

/**
 * Builds every stage once, ties them into endpoints and starts listening. The only place where stages meet.
 *
 * @throws when something cannot be opened or listened on; then all that was opened before is closed again
 */
export async function startGateway(plan: GatewayPlan, clock: Clock, log: OperationalLog): Promise<RunningGateway> {
  for (const warning of plan.warnings) log.warn('mend', { ...warning })
  const opened: Closer[] = []
  const lifetime = { stopping: false }
  try {
    const foundation = await layFoundation(plan.settings, clock, log, opened)
    const directories = openDirectories(plan, foundation, opened)
    const endpoints = plan.endpoints.map((endpoint) =>
      buildStages(endpoint, directories.get(endpoint) ?? null, foundation),
    )
    const common = buildCommonStages(endpoints, foundation)
    // Registrants last: whoever is let in finds everything behind the door.
    const operations = await startOperationsListener({
      ...plan.settings.operations,
      metrics: foundation.metrics,
      readiness: () => findMissing(foundation, lifetime),
    })
    opened.push(operations.stop)
    const listener = await startRegistrantListener(plan, common, foundation)
    opened.push(async () => log.info('drained', { cutOff: await listener.stop(plan.settings.limits.drainTimeoutMs) }))
    const facts = { port: listener.port, operationsPort: operations.port }
    log.info('started', { ...facts, endpoints: plan.endpoints.map(describeEndpoint) })
    const stop = (): Promise<void> => {
      lifetime.stopping = true
      return closeAll(opened)
    }
    return { ...facts, stop }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** Closes something that was opened; they run last opened first. */
type Closer = () => unknown

async function closeAll(opened: Closer[]): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close()
}

async function layFoundation(
  settings: Settings,
  clock: Clock,
  log: OperationalLog,
  opened: Closer[],
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
  const { registrationUrl, clientCertificate, ...limits } = settings.upstream
  const upstream = new Upstream({
    ...limits,
    origin: new URL(registrationUrl).origin,
    onEvent: ({ event, level, ...facts }) => log[level](event, facts),
    clientCertificate:
      clientCertificate === null
        ? null
        : { certificate: clientCertificate.certificate, privateKey: clientCertificate.privateKey.reveal() },
  })
  opened.push(() => upstream.close())
  return { settings, clock, log, metrics, audit, registry, upstream }
}

function openState(state: Settings['state'], clock: Clock, log: OperationalLog): Promise<Registry> {
  return openRegistry(state, clock, (change) => {
    if (change.available) log.info('state-available')
    else log.error('state-unavailable', { detail: change.detail })
  })
}

/** One key cache a directory, whichever endpoints share it. */
function openDirectories(
  plan: GatewayPlan,
  { clock, log, metrics }: Foundation,
  opened: Closer[],
): ReadonlyMap<EndpointPlan, DirectoryKeys> {
  const byUri = new Map<string, DirectoryKeys>()
  const byEndpoint = new Map<EndpointPlan, DirectoryKeys>()
  for (const endpoint of plan.endpoints) {
    const { directory } = endpoint
    if (directory === null) continue
    const identity = JSON.stringify([directory.jwksUri, directory.ca])
    const keys =
      byUri.get(identity) ??
      createDirectoryKeys({
        directory,
        clock,
        onEvent: ({ kind, ...facts }) => {
          metrics.countEvent(kind)
          log.info(kind, { directory: directory.name, ...facts })
        },
      })
    if (!byUri.has(identity)) opened.push(keys.close)
    byUri.set(identity, keys)
    byEndpoint.set(endpoint, keys)
  }
  return byEndpoint
}

/** Answers of identity servers are larger than requests: they echo and add. */
const UPSTREAM_JSON_LIMITS = { depth: 16, values: 10_000 }

function buildStages(
  { path, policy, trust, directory }: EndpointPlan,
  keys: DirectoryKeys | null,
  foundation: Foundation,
): Stages {
  const { settings, upstream, registry, log } = foundation
  const { limits } = settings
  const registrationUrl = new URL(settings.upstream.registrationUrl)
  const jsonLimits = { depth: limits.jsonDepth, values: limits.jsonValues }
  const reservations = createReservations({
    ...{ registry, scope: path },
    reservationTtlMs: settings.state.reservationTtlMs,
    newOwner: createDecisionId,
    onLost: (loss) => log.warn('reservation-lost', { ...loss }),
  })
  return {
    endpoint: { path, policy: policy.identity },
    identify: createClientIdentification({
      demand: policy.certificate,
      trust,
      presentedLimit: limits.presentedCertificates,
    }),
    route: createRouting(path),
    read: createReading({ ...limits, jsonLimits, passHeaders: settings.upstream.passHeaders }),
    verifyStatement: createStatementVerification({ demand: policy.statement, directory, keys, jsonLimits }),
    decide: policy.decide,
    ...reservations,
    forward: createForwarding({
      upstream,
      target: { registrationUrl, initialAccessToken: settings.upstream.initialAccessToken },
      jsonLimits: UPSTREAM_JSON_LIMITS,
    }),
    rewrite: createRewriting({
      publicUrl: `${settings.listen.publicUrl}${path}`,
      registrationUrl,
      route: createRouting(path),
    }),
    reasons: policy.reasons,
  }
}

function buildCommonStages(endpoints: readonly Stages[], { audit, metrics, log }: Foundation): CommonStages {
  const select = createSelection(endpoints.map((stages) => ({ path: stages.endpoint.path, stages })))
  return {
    select: (arrival) => {
      if (!audit.isWritable())
        throw refuse({
          reason: 'audit-unavailable',
          at: 'gateway',
          message: 'decisions cannot be recorded at the moment',
        })
      return select(arrival.target).stages
    },
    refuse: refuseRequest,
    record: (exchange: Exchange) => {
      audit.record(exchange)
      metrics.observe(exchange)
      reportInternalError(exchange, log)
    },
  }
}

/** What no stage foresaw is a fault of ours: the registrant learns a decision id, the operator where it happened. */
function reportInternalError({ arrival, refusal }: Exchange, log: OperationalLog): void {
  if (refusal?.findings[0].reason !== 'internal-error') return
  const { cause } = refusal
  log.error('internal-error', {
    decisionId: arrival.decisionId,
    error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  })
}

function startRegistrantListener(plan: GatewayPlan, common: CommonStages, foundation: Foundation): Promise<Listener> {
  const { clock, metrics, log } = foundation
  const { listen, tls, limits } = plan.settings
  return startListener({
    ...{ host: listen.host, port: listen.port, tls, limits, clock },
    // Hints for the client which of its certificates to choose; whom an endpoint trusts is decided by its certificate stage.
    clientIssuers: plan.endpoints.flatMap(({ trust }) =>
      [...trust.held.values()].map(({ der }) => new X509Certificate(der).toString()),
    ),
    handle: (arrival) => handleExchange(common, clock, arrival),
    refuseEarly: common.refuse,
    onEarlyRefusal: (exchange) => common.record(exchange),
    onHandshakeFailure: () => metrics.countEvent('handshake-failed'),
    onFault: (error) =>
      log.error('connection-failed', { error: error instanceof Error ? error.message : String(error) }),
  })
}

/** Ready is a gateway that could decide and record a registration now; the identity server's health is its own. */
async function findMissing(
  { registry, audit }: Foundation,
  lifetime: { readonly stopping: boolean },
): Promise<readonly string[]> {
  const state = await registry.ping().then(
    () => [],
    () => ['state'],
  )
  return [...state, ...(audit.isWritable() ? [] : ['audit']), ...(lifetime.stopping ? ['stopping'] : [])]
}

function describeEndpoint({ path, policy, trust, directory }: EndpointPlan): object {
  return { path, policy: policy.identity, trustedIssuers: trust.name, directory: directory?.name ?? null }
}
