import { buildCommonStages } from './build-common-stages.ts'
import { buildIdentifications } from './build-identifications.ts'
import { buildStages } from './build-stages.ts'
import type { TrustStore } from './certificate/trust/trust-store.ts'
import type { ClientIssuers } from './connection/client-issuers.ts'
import { findChainLoss } from './connection/find-chain-loss.ts'
import { startListener, type Listener } from './connection/listener.ts'
import type { ResolveHost } from './egress/egress-rules.ts'
import { layFoundation, type Closer, type Foundation } from './foundation.ts'
import { recheckEndpoints, type GatewayPlan } from './load-gateway.ts'
import { identificationKey } from './endpoint/find-overlap.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Clock } from './model/clock.ts'
import type { CommonStages } from './model/stages.ts'
import { startOperationsListener } from './operations/operations-listener.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { watchFiles } from './operations/watch-files.ts'
import { createUpkeepAt } from './open-identity-server.ts'
import { createTelling, registrationParts } from './open-registrations.ts'
import { openKeys } from './open-keys.ts'
import { handleExchange } from './pipeline.ts'
import { startSweeping } from './registry/start-sweeping.ts'
import { createRenewing } from './renew-trust.ts'

export interface RunningGateway {
  readonly port: number
  readonly operationsPort: number
  /**
   * Reads the trusted issuers and the gateway's own certificate anew; no connection is dropped.
   *
   * @returns whether they are in force now; when not, everything stays as it was and the log says why
   */
  readonly renew: () => Promise<boolean>
  /** Stops accepting, lets running exchanges finish within `limits.drainTimeoutMs`, then closes everything. */
  readonly stop: () => Promise<void>
}

/**
 * Builds every stage once, ties them into endpoints and starts listening. The only place where stages meet.
 *
 * @param resolveHost what asks for the addresses of hosts that registrants name; the system when left out
 * @throws when something cannot be opened or listened on; then all that was opened before is closed again
 */
export async function startGateway(
  plan: GatewayPlan,
  clock: Clock,
  log: OperationalLog,
  resolveHost?: ResolveHost,
): Promise<RunningGateway> {
  for (const warning of plan.warnings) log.warn('mend', { ...warning })
  const opened: Closer[] = []
  const lifetime: Lifetime = { stopping: false, listener: null }
  try {
    const foundation = await layFoundation(plan, clock, log, opened, resolveHost)
    const common = tieTogether(plan, foundation, lifetime, opened)
    // Registrants last: whoever is let in finds everything behind the door.
    const operations = await startOperationsListener({
      ...plan.settings.operations,
      metrics: foundation.metrics,
      readiness: () => findMissing(foundation, lifetime),
    })
    opened.push(operations.stop)
    opened.push(sweep(foundation))
    const listener = await startRegistrantListener(plan, common, foundation)
    lifetime.listener = listener
    opened.push(async () => log.info('drained', { cutOff: await listener.stop(plan.settings.limits.drainTimeoutMs) }))
    const renew = await keepRenewed(plan, foundation, listener, opened)
    const facts = { port: listener.port, operationsPort: operations.port }
    log.info('started', { ...facts, endpoints: plan.endpoints.map(describeEndpoint) })
    const stop = (): Promise<void> => {
      lifetime.stopping = true
      return closeAll(opened)
    }
    return { ...facts, renew, stop }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** What becomes known, or true, in the course of a gateway's life. */
interface Lifetime {
  stopping: boolean
  listener: Listener | null
}

async function closeAll(opened: Closer[]): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close()
}

function tieTogether(plan: GatewayPlan, foundation: Foundation, lifetime: Lifetime, opened: Closer[]): CommonStages {
  const keysOf = openKeys(plan, foundation, opened)
  const identifications = buildIdentifications(plan, foundation, () => lifetime.listener?.trustEdition() ?? null)
  const endpoints = plan.endpoints.map((endpoint) => {
    const identify = identifications.get(identificationKey(endpoint))
    if (identify === undefined) throw new Error(`no identification for ${endpoint.name}`)
    const keys = keysOf.get(endpoint)
    if (keys === undefined) throw new Error(`no keys for ${endpoint.name}`)
    return buildStages({ plan: endpoint, keys, identify }, foundation)
  })
  return buildCommonStages(endpoints, foundation)
}

/** Settles registrations of all endpoints. */
function sweep(foundation: Foundation): Closer {
  const { settings, log } = foundation
  const options = {
    ...registrationParts({ ...foundation, tell: createTelling(foundation) }),
    upkeepAt: createUpkeepAt(foundation),
  }
  const onFault = (fault: unknown): void =>
    log.error('sweep-failed', { error: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
  return startSweeping(options, settings.state.sweepIntervalMs, onFault).stop
}

async function startRegistrantListener(
  plan: GatewayPlan,
  common: CommonStages,
  foundation: Foundation,
): Promise<Listener> {
  const { clock, metrics, log } = foundation
  const { listen, tls, limits } = plan.settings
  return startListener({
    ...{ host: listen.host, port: listen.port, tls, limits, clock },
    clientIssuers: clientIssuersOf(plan.trusts),
    secondOpinion: await hasSecondOpinion(log),
    handle: (arrival) => handleExchange(common, clock, arrival),
    refuseEarly: common.refuse,
    onEarlyRefusal: (exchange) => common.record(exchange),
    onHandshakeFailure: () => metrics.countEvent('handshake-failed'),
    onFault: (error) =>
      log.error('connection-failed', { error: error instanceof Error ? error.message : String(error) }),
  })
}

/** Where Node loses what clients present, its OpenSSL is not asked; our own verification needs no help, but nobody checks it then. */
async function hasSecondOpinion(log: OperationalLog): Promise<boolean> {
  const lost = await findChainLoss()
  if (lost === 0) return true
  log.warn('second-opinion-off', {
    node: process.version,
    why: 'this version of Node loses the intermediates that clients present whenever OpenSSL verifies them (nodejs/node#65579)',
    effect: "OpenSSL is not asked to verify client certificates; the gateway's own verification alone decides",
    remedy: 'run a version of Node that hands them over: 20, 22, or 26 from 26.9 on',
  })
  return false
}

function clientIssuersOf(trusts: ReadonlyMap<string, TrustStore>): ClientIssuers {
  const stores = [...trusts.values()]
  const anchors = new Map(stores.flatMap((store) => [...store.anchors.values()].flat()).map(byThumbprint))
  const held = new Map(stores.flatMap((store) => [...store.held.values()]).map(byThumbprint))
  return {
    anchors: [...anchors.values()],
    intermediates: [...held].filter(([thumbprint]) => !anchors.has(thumbprint)).map(([, der]) => der),
  }
}

function byThumbprint(certificate: {
  readonly facts: { readonly thumbprint: string }
  readonly der: Buffer
}): readonly [string, Buffer] {
  return [certificate.facts.thumbprint, certificate.der]
}

/** Renews on request and whenever the files behind trusted issuers and certificate change. */
async function keepRenewed(
  plan: GatewayPlan,
  { settings, trusts, clock, log, metrics }: Foundation,
  listener: Listener,
  opened: Closer[],
): Promise<RunningGateway['renew']> {
  const renew = createRenewing({
    ...{ source: plan.source, settings, trusts, clock, log },
    check: (stores) => recheckEndpoints(plan, stores),
    renewTls: (tls, stores) => listener.renewTls(tls, clientIssuersOf(stores)),
    onEvent: (event) => metrics.countEvent(event),
  })
  const watch = await watchFiles({
    paths: [...plan.files, ...Object.values(settings.trust)],
    pollIntervalMs: settings.reload.pollIntervalMs,
    onChange: async () => {
      await renew()
    },
  })
  opened.push(watch.stop)
  return renew
}

/** Ready is a gateway that could decide and record a registration now; the identity server's health is its own. */
async function findMissing({ registry, audit }: Foundation, lifetime: Readonly<Lifetime>): Promise<readonly string[]> {
  const state = await registry.ping().then(
    () => [],
    () => ['state'],
  )
  return [...state, ...(audit.isWritable() ? [] : ['audit']), ...(lifetime.stopping ? ['stopping'] : [])]
}

function describeEndpoint({ name, policy, trust, directories }: EndpointPlan): object {
  const names = directories.map((directory) => directory.name)
  return { name, policy: policy.identity, trustedIssuers: trust, directories: names }
}
