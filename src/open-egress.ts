import type { EgressEvent } from './egress/egress-event.ts'
import type { ResolveHost } from './egress/egress-rules.ts'
import { FetchedValues, type FetchTimes } from './egress/fetched-values.ts'
import { DEFAULT_GATE_LIMITS, HostGate } from './egress/host-gate.ts'
import {
  fixedServerMetadata,
  openServerMetadata,
  readServerMetadata,
  type ServerMetadata,
} from './forward/server-metadata.ts'
import type { Clock } from './model/clock.ts'
import type { Json, JsonObject } from './model/json.ts'
import type { LookupDemand } from './model/lookups.ts'
import type { Policy } from './model/policy.ts'
import type { Stages } from './model/stages.ts'
import type { Metrics } from './operations/metrics.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import type { Settings } from './settings/settings.ts'

/** What all that is fetched for decisions has in common. */
export interface Egress {
  readonly gate: HostGate
  readonly clock: Clock
  readonly onEvent: (event: EgressEvent) => void
  /** The system's own when absent. */
  readonly resolveHost?: ResolveHost
}

export function openEgress(
  clock: Clock,
  { log, metrics }: { readonly log: OperationalLog; readonly metrics: Metrics },
  resolveHost: ResolveHost | undefined,
): Egress {
  const onEvent = (event: EgressEvent): void => {
    const { kind, ...facts } = event
    metrics.countEvent(kind)
    if ('ms' in event) metrics.observeFetch(event.purpose, kind === 'fetched' ? 'fetched' : 'failed', event.ms)
    log[kind === 'fetched' ? 'info' : 'warn'](kind, facts)
  }
  const gate = new HostGate(DEFAULT_GATE_LIMITS, onEvent)
  return { gate, clock, onEvent, ...(resolveHost === undefined ? {} : { resolveHost }) }
}

const LOOKUP_LIMITS = { sizeLimitBytes: 131_072, maxEntries: 256 }
const LOOKUP_TIMES: FetchTimes = {
  minFreshMs: 5_000,
  maxFreshMs: 3_600_000,
  defaultFreshMs: 60_000,
  staleMs: 3_600_000,
  // Short, since whoever mends his document tries again at once.
  coolDownMs: 10_000,
}

/** The stage that makes the look-ups of one endpoint's policy. */
export function buildLookUp(
  policy: Policy,
  settings: Settings['lookups'],
  server: ServerMetadata,
  egress: Egress,
): Stages['lookUp'] {
  const values = new Map(policy.lookups.map((demand) => [demand.name, openLookup(demand, settings, egress)]))
  const fetch = async (lookup: string, url: string): Promise<Json> => {
    const found = values.get(lookup)
    if (found === undefined) throw new Error(`no look-up ${lookup}`)
    return found.get(url)
  }
  return (evidence, now) =>
    policy.lookUp(evidence, now, { fetch, server: server.current, isServerDemanded: server.isDemanded })
}

/** What a registrant chooses freely is on the Internet, on the port of https, with a certificate of a public authority, or is not asked. */
function openLookup(
  { hosts, parse }: LookupDemand,
  { timeoutMs, ca, ports, allowPrivateAddresses }: Settings['lookups'],
  { resolveHost, ...egress }: Egress,
): FetchedValues<Json> {
  const { sizeLimitBytes, maxEntries } = LOOKUP_LIMITS
  const reach =
    hosts === null
      ? { allowedHosts: null, allowedPorts: [443], allowPrivateAddresses: false, ca: null }
      : { allowedHosts: hosts, allowedPorts: ports, allowPrivateAddresses, ca }
  return new FetchedValues({
    ...{
      ...egress,
      choice: hosts === null ? 'any-host' : 'listed-host',
      purpose: 'lookup',
      accept: 'application/json, application/jwk-set+json',
      parse,
      maxEntries,
    },
    rules: { ...reach, schemes: ['https'], timeoutMs, sizeLimitBytes, ...resolving(resolveHost) },
    times: LOOKUP_TIMES,
  })
}

const SERVER_TIMES: FetchTimes = {
  minFreshMs: 60_000,
  maxFreshMs: 3_600_000,
  defaultFreshMs: 600_000,
  staleMs: 0,
  coolDownMs: 10_000,
}

type ServerSettings = Pick<
  Settings['upstream'],
  'metadataUrl' | 'unknownMetadata' | 'metadata' | 'ca' | 'clientCertificate' | 'timeoutMs' | 'responseLimitBytes'
>

/** The operator pinned this very address, so it may lie in the operator's own network; it is asked as the identity server is. */
export function openServer(
  { metadataUrl, unknownMetadata, metadata, ca, clientCertificate, timeoutMs, responseLimitBytes }: ServerSettings,
  { resolveHost, ...egress }: Egress,
): ServerMetadata {
  if (metadataUrl === null) return fixedServerMetadata(metadata)
  const values = new FetchedValues<JsonObject>({
    ...{ ...egress, choice: 'server-metadata', purpose: 'server-metadata' },
    ...{ accept: 'application/json', maxEntries: 1, times: SERVER_TIMES },
    parse: readServerMetadata,
    rules: {
      ...{ schemes: ['http', 'https'], allowedHosts: null, allowedPorts: null, allowPrivateAddresses: true },
      ...{ ca, timeoutMs, sizeLimitBytes: responseLimitBytes, ...resolving(resolveHost) },
      ...(clientCertificate === null ? {} : { clientCertificate }),
    },
  })
  return openServerMetadata(metadataUrl, values, unknownMetadata === 'refuse')
}

function resolving(resolveHost: ResolveHost | undefined): { readonly resolveHost?: ResolveHost } {
  return resolveHost === undefined ? {} : { resolveHost }
}
