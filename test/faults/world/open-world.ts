import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { ROOT } from '../../architecture/source-files.ts'
import { startDirectoryServer } from '../../support/directory-server.ts'
import { mintSigningKey } from '../../support/identity-server.ts'
import { INITIAL_ACCESS_TOKEN } from '../../support/laboratory.ts'
import type { MintedAuthority } from '../../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer } from '../../support/registrant.ts'
import { createStatementSigner, type StatementSigner } from '../../support/sign-statement.ts'
import { openRelay, type Relay } from '../relay/open-relay.ts'
import { GATEWAYS, type GatewayName } from '../schedule/build-schedule.ts'
import { nameOf, type Fault, type Victim, type Way } from '../schedule/faults.ts'
import { findPorts } from './find-ports.ts'
import {
  ADMINISTRATION_TOKEN,
  environmentOf,
  gatewaySettings,
  UPSTREAM_TIMEOUT_MS,
  type GatewayPlace,
  type Recovery,
} from './gateway-settings.ts'
import { Killable } from './killable.ts'
import { launchIdentityServer } from './launch-identity-server.ts'
import { launch } from './launch.ts'
import { clusterStore } from './stores/cluster-store.ts'
import { sentinelStore } from './stores/sentinel-store.ts'
import { singleStore } from './stores/single-store.ts'
import type { Store, StoreKind, StoreOptions } from './stores/store.ts'
import { Timeline } from './timeline.ts'
import { writeFiles } from './write-files.ts'

/** A client as the identity server has it. */
export interface LiveClient {
  readonly client_id: string
  readonly software_id: string
}

/** Two gateways, the store they share, the identity server behind them, and the relays between all of them. */
export interface World {
  readonly folder: string
  readonly recovery: Recovery
  readonly timeline: Timeline
  /** Processes that ended though nobody killed them. */
  readonly crashes: readonly string[]
  readonly clientIssuer: MintedAuthority
  readonly serverCa: string
  /** Signs as the directory does. */
  readonly signer: StatementSigner
  readonly portOf: (gateway: GatewayName) => number
  /** Of a gateway to what is behind it. */
  readonly relayOf: (gateway: GatewayName, way: Exclude<Way, 'registrant'>) => Relay
  /** To be told of every fault that strikes: it does the killing. */
  readonly strike: (gateway: GatewayName, fault: Fault) => void
  readonly whenAllUp: () => Promise<void>
  readonly liveClients: () => Promise<readonly LiveClient[]>
  /** As the bank's staff do it, at the identity server itself. */
  readonly removeClient: (clientId: string) => Promise<void>
  /** The folder stays where it is asked for. */
  readonly stop: (keepFolder: boolean) => Promise<void>
}

export const STALL_MS = UPSTREAM_TIMEOUT_MS + 500

export async function openWorld(recovery: Recovery, kind: StoreKind): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'dcr-faults-'))
  const { clientIssuer, infrastructure, server } = await writeFiles(folder)
  const signer = await createStatementSigner()
  const signingKey = mintSigningKey()
  const tls = { certificate: server.pem, privateKey: server.privateKeyPem }
  const directory = await startDirectoryServer({ ...tls, keys: [signer.jwk] })
  const [idpPort = 0, administrationPort = 0, gatewayA = 0, gatewayB = 0, ...storePorts] = await findPorts(16)
  const gatewayPorts = [gatewayA, gatewayB]
  const portOf = (name: GatewayName): number => gatewayPorts[GATEWAYS.indexOf(name)] ?? 0
  const timeline = new Timeline()
  const crashes: string[] = []
  const killable: StoreOptions['killable'] = (name, start) =>
    new Killable({ name, launch: start, timeline, onCrash: (what) => void crashes.push(what) })

  const identityServer = killable('identity server', () =>
    launchIdentityServer(folder, {
      ...tls,
      clientCa: infrastructure.pem,
      initialAccessToken: INITIAL_ACCESS_TOKEN,
      port: idpPort,
      signingKey,
      storeFile: join(folder, 'identity-server.jsonl'),
      administrationPort,
      administrationToken: ADMINISTRATION_TOKEN,
    }),
  )
  const store = openStore(kind, { folder, killable }, storePorts, (what) => void crashes.push(what))
  const gateways = byGateway((name) => killable(`gateway ${name}`, () => launchGateway(folder, name, places[name])))
  const strike = (name: GatewayName, fault: Fault): void => {
    const { act, way, downMs } = fault
    // Connections of registrants are their own: nobody else notices.
    if (way !== 'registrant') timeline.note(`⚡ ${nameOf(fault)}, gateway ${name}`)
    if (!act.startsWith('kill ')) return
    const victims: Readonly<Record<Victim, { readonly kill: (downMs: number) => unknown }>> = {
      gateway: gateways[name],
      'identity-server': identityServer,
      store,
    }
    victims[act.slice('kill '.length) as Victim].kill(downMs)
  }
  const relays = await openRelays({ upstream: idpPort, store: store.port }, strike)
  await store.start()
  const places = byGateway((name): GatewayPlace => ({
    port: portOf(name),
    publicUrl: `https://127.0.0.1:${portOf('A')}`,
    upstreamPort: relays[name].upstream.port,
    store: store.place(relays[name].store?.port ?? 0),
    ...{ administrationPort, directoryUri: directory.jwksUri, recovery, auditFile: `audit-${name}.jsonl` },
  }))
  const processes = [identityServer, ...Object.values(gateways)]
  await Promise.all(processes.map((process) => process.start()))

  return {
    ...{ folder, recovery, timeline, crashes, clientIssuer, signer, portOf, strike },
    serverCa: infrastructure.pem,
    relayOf: (name, way) => {
      const relay = relays[name][way]
      if (relay === null) throw new RangeError(`there is no relay on the way to the ${way} of this world`)
      return relay
    },
    whenAllUp: async () => {
      await Promise.all([store, ...processes].map((part) => part.whenUp()))
    },
    liveClients: () => listClients(administrationPort, infrastructure.pem),
    removeClient: (clientId) => removeClient(administrationPort, infrastructure.pem, clientId),
    stop: async (keepFolder) => {
      for (const process of processes.toReversed()) await process.stop()
      await store.stop()
      for (const { upstream, store: way } of Object.values(relays)) await Promise.all([upstream.close(), way?.close()])
      await directory.stop()
      if (!keepFolder) await rm(folder, { recursive: true, force: true })
    },
  }
}

function byGateway<Thing>(make: (name: GatewayName) => Thing): Readonly<Record<GatewayName, Thing>> {
  return { A: make('A'), B: make('B') }
}

type Relays = Readonly<Record<GatewayName, { readonly upstream: Relay; readonly store: Relay | null }>>

async function openRelays(
  ports: { readonly upstream: number; readonly store: number | null },
  strike: (gateway: GatewayName, fault: Fault) => void,
): Promise<Relays> {
  const open = async (name: GatewayName): Promise<Relays[GatewayName]> => {
    const shared = { onStrike: (fault: Fault) => strike(name, fault), stallMs: STALL_MS }
    return {
      upstream: await openRelay({ way: 'upstream', targetPort: ports.upstream, ...shared }),
      store: ports.store === null ? null : await openRelay({ way: 'store', targetPort: ports.store, ...shared }),
    }
  }
  return { A: await open('A'), B: await open('B') }
}

function openStore(
  kind: StoreKind,
  options: StoreOptions,
  [first = 0, second = 0, ...others]: readonly number[],
  onCrash: (what: string) => void,
): Store {
  if (kind === 'single') return singleStore(options, first)
  if (kind === 'sentinel') return sentinelStore(options, [first, second], onCrash)
  return clusterStore(options, [first, second, ...others], onCrash)
}

async function launchGateway(folder: string, name: GatewayName, place: GatewayPlace): ReturnType<typeof launch> {
  const file = join(folder, `gateway-${name}.yaml`)
  await writeFile(file, stringify(gatewaySettings(place)))
  return launch({
    command: process.execPath,
    words: [join(ROOT, 'dist/main.js'), 'serve', '--config', file],
    environment: environmentOf(place),
    logFile: join(folder, `gateway-${name}.log`),
    readyWhen: '"event":"started"',
  })
}

async function listClients(port: number, serverCa: string): Promise<readonly LiveClient[]> {
  const { status, text } = await administer(port, serverCa, 'GET', '/clients')
  if (status !== 200) throw new Error(`the identity server lists its clients with ${status}`)
  return JSON.parse(text) as LiveClient[]
}

async function removeClient(port: number, serverCa: string, clientId: string): Promise<void> {
  const { status } = await administer(port, serverCa, 'DELETE', `/clients/${clientId}`)
  if (status !== 204 && status !== 404) throw new Error(`the identity server removes a client with ${status}`)
}

function administer(port: number, serverCa: string, method: string, path: string): Promise<RegistrantAnswer> {
  const nobody = { certificate: null, privateKey: null, serverCa }
  const headers = { authorization: `Bearer ${ADMINISTRATION_TOKEN}` }
  return sendAs(nobody, { method, url: `https://127.0.0.1:${port}${path}`, headers })
}
