import { connect as connectTcp, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterEach, expect } from 'vitest'
import { NO_CLIENT_ISSUERS } from '../../../src/connection/client-issuers.ts'
import type { ConnectionLimits } from '../../../src/connection/http-options.ts'
import { startListener, type Listener } from '../../../src/connection/listener.ts'
import type { ListenerOptions } from '../../../src/connection/listener-options.ts'
import type { Answer } from '../../../src/model/answer.ts'
import type { Arrival } from '../../../src/model/arrival.ts'
import { reasonEntry } from '../../../src/model/reasons.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { Exchange } from '../../../src/model/stages.ts'
import {
  mintAuthority,
  mintServerCertificate,
  type MintedCertificate,
  type ServerOptions,
} from '../../support/mint-certificates.ts'
import { RawClient } from './raw-client.ts'

export const NOW = new Date('2026-11-23T12:00:00Z')

/** Generous: no test waits for one of them unless it shortens it. */
export const LIMITS: ConnectionLimits = {
  handshakeTimeoutMs: 60_000,
  headersTimeoutMs: 60_000,
  headerLimitBytes: 8192,
  bodyTimeoutMs: 60_000,
  answerTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  maxConnections: 100,
}

export interface EdgeOptions {
  readonly handle?: (arrival: Arrival) => Promise<Answer>
  readonly limits?: Partial<ConnectionLimits>
  readonly with?: Partial<ListenerOptions>
  readonly server?: ServerOptions
}

/** A listener on a port of its own, and all that it told. */
export interface Edge {
  readonly listener: Listener
  readonly arrivals: Arrival[]
  readonly early: Exchange[]
  readonly handshakeFailures: string[]
  readonly faults: unknown[]
  /** @param lines sent along with the end of the handshake */
  readonly dial: (options?: ConnectionOptions, lines?: readonly string[]) => Promise<RawClient>
  readonly dialTcp: () => Promise<Socket>
}

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

export async function startEdge(options: EdgeOptions = {}): Promise<Edge> {
  const certificate = await serverCertificate(options.server)
  const told = {
    arrivals: [] as Arrival[],
    early: [] as Exchange[],
    handshakeFailures: [] as string[],
    faults: [] as unknown[],
  }
  const handle = options.handle ?? readAndAnswer
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    tls: { identity: pemIdentity(certificate), minVersion: 'TLSv1.2', cipherSuites: null },
    clientIssuers: NO_CLIENT_ISSUERS,
    secondOpinion: true,
    limits: { ...LIMITS, ...options.limits },
    clock: { now: () => NOW, elapsedMs: () => 0 },
    handle: (arrival) => {
      told.arrivals.push(arrival)
      return handle(arrival)
    },
    refuseEarly: (refusal, decisionId) => {
      const { reason } = refusal.findings[0]
      return { status: reasonEntry(reason).status, headers: { 'decision-id': decisionId }, body: { error: reason } }
    },
    onEarlyRefusal: (exchange) => told.early.push(exchange),
    onHandshakeFailure: (code) => told.handshakeFailures.push(code),
    onFault: (fault) => told.faults.push(fault),
    ...options.with,
  })
  open.push(() => listener.stop(0))
  const target = { host: '127.0.0.1', port: listener.port }
  return {
    ...told,
    listener,
    dial: async (more = {}, lines = []) =>
      new RawClient(await handshake({ ...target, rejectUnauthorized: false, ...more }, lines)),
    dialTcp: async () => {
      const socket = connectTcp(target)
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      open.push(() => Promise.resolve(socket.destroy()))
      return socket
    },
  }
}

export function pemIdentity({ pem, privateKeyPem }: MintedCertificate): ListenerOptions['tls']['identity'] {
  return { kind: 'pem', certificate: pem, privateKey: new Secret(privateKeyPem), passphrase: null }
}

const certificates = new Map<string, Promise<MintedCertificate>>()

/** The same one for the same options. */
export function serverCertificate(options: ServerOptions = {}): Promise<MintedCertificate> {
  const id = JSON.stringify(options)
  const certificate = certificates.get(id) ?? mintServer(options)
  certificates.set(id, certificate)
  return certificate
}

async function mintServer(options: ServerOptions): Promise<MintedCertificate> {
  return mintServerCertificate(await mintAuthority({ keyLabel: 'server root' }), { keyLabel: 'server', ...options })
}

/** Resolves once the handshake is through on this side; rejects when it fails. */
export async function handshake(options: ConnectionOptions, lines: readonly string[] = []): Promise<TLSSocket> {
  const socket = connect(options)
  if (lines.length > 0) socket.write(lines.join('\r\n'), 'latin1')
  open.push(() => Promise.resolve(socket.destroy()))
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  return socket
}

export async function bodyOf(arrival: Arrival): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of arrival.body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What a well-behaved pipeline does: read the body to its end, then answer. */
export async function readAndAnswer(arrival: Arrival): Promise<Answer> {
  return { status: 200, headers: {}, body: { received: await bodyOf(arrival) } }
}

/** Answers without a look at the body. */
export function answerAtOnce(): Promise<Answer> {
  return Promise.resolve({ status: 401, headers: {}, body: { error: 'invalid_client' } })
}

/** Polls, since what a listener notices it notices a moment after the client did it. */
export async function eventually(check: () => void): Promise<void> {
  await expect
    .poll(
      () => {
        check()
        return true
      },
      { timeout: 10_000, interval: 5 },
    )
    .toBe(true)
}

export function expectRefusedOnce(edge: Edge, reason: string): void {
  expect(edge.early.map(({ refusal }) => refusal?.findings[0].reason)).toEqual([reason])
  expect(edge.arrivals).toEqual([])
  expect(edge.faults).toEqual([])
}
