import { afterEach } from 'vitest'
import type { Clock } from '../../../src/model/clock.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { Directory, StatementDemand } from '../../../src/model/policy.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import type { RegistrationRequest } from '../../../src/model/registration-request.ts'
import type { VerifiedStatement } from '../../../src/model/statement.ts'
import {
  createPublishedKeys,
  type PublishedKeys,
  type PublishedKeysEvent,
  type PublishedKeysLimits,
} from '../../../src/signature/published-keys.ts'
import type { PinnedDirectory } from '../../../src/statement/choose-directory.ts'
import { DEFAULT_GATE_LIMITS, HostGate } from '../../../src/egress/host-gate.ts'
import { createDirectoryKeys } from '../../../src/statement/directory-keys.ts'
import { SOFTWARE_STATEMENT } from '../../../src/statement/statement-words.ts'
import { createStatementVerification } from '../../../src/statement/verify-statement.ts'
import {
  startDirectoryServer,
  type DirectoryServer,
  type DirectoryServerOptions,
} from '../../support/directory-server.ts'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'
import { EXAMPLE_ISSUER } from '../../support/sign-statement.ts'

export const NOW = new Date('2026-11-23T12:00:00.000Z')
export const JSON_LIMITS = { depth: 8, values: 1000 }

/** Round numbers, so that a test can say where the borders are. */
export const LIMITS = {
  timeoutMs: 10_000,
  sizeLimitBytes: 100_000,
  freshMs: 100_000,
  staleMs: 1_000_000,
  coolDownMs: 10_000,
  maxKeys: 5,
} as const

/** Lifetimes must not depend on the wall clock, which can be set back; asking for it fails the test. */
export interface SteppingClock extends Clock {
  readonly step: (milliseconds: number) => void
}

export interface DirectoryFixture {
  readonly server: DirectoryServer
  readonly directory: Directory
  /** As they are published, for who asks for one of them. */
  readonly keys: PublishedKeys
  /** Apart from those: what the stage verifies by. */
  readonly pinned: PinnedDirectory
  readonly clock: SteppingClock
  readonly events: readonly PublishedKeysEvent[]
}

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

export const authority = await mintAuthority({ subject: [['CN', 'Directory CA']] })
const { pem: certificate, privateKeyPem: privateKey } = await mintServerCertificate(authority)

export async function startServer(
  keys: readonly object[],
  changes: Partial<DirectoryServerOptions> = {},
): Promise<DirectoryServer> {
  const server = await startDirectoryServer({ certificate, privateKey, keys, ...changes })
  cleanups.push(server.stop)
  return server
}

/** A real directory server publishing the keys, and what the gateway has to ask it with. */
export async function openDirectory(
  published: readonly object[],
  limits: Partial<PublishedKeysLimits> = {},
): Promise<DirectoryFixture> {
  const server = await startServer(published)
  const directory = pinned(server.jwksUri)
  const clock = steppingClock()
  const events: PublishedKeysEvent[] = []
  const keys = createKeys({ directory, clock, limits, events })
  return { server, directory, keys, pinned: { directory, keys: pinKeys({ directory, clock, limits }) }, clock, events }
}

export function pinned(jwksUri: string, ca: string | null = authority.pem): Directory {
  const issuers = [EXAMPLE_ISSUER, 'Another name of the sandbox']
  return { name: 'sandbox', issuers, keys: { kind: 'address', uri: jwksUri, ca }, claims: {} }
}

export const openGate = (): HostGate => new HostGate(DEFAULT_GATE_LIMITS, () => undefined)

interface KeysParts {
  readonly directory: Directory
  readonly clock?: Clock
  readonly limits?: Partial<PublishedKeysLimits>
  readonly events?: PublishedKeysEvent[]
}

export function createKeys({ directory, clock = steppingClock(), limits = {}, events = [] }: KeysParts): PublishedKeys {
  if (directory.keys.kind !== 'address') throw new Error('nothing is published')
  const { uri, ca } = directory.keys
  const keys = createPublishedKeys({
    ...{ uri, thing: SOFTWARE_STATEMENT, clock, limits: { ...LIMITS, ...limits } },
    reach: { allowedHosts: null, allowedPorts: null, allowPrivateAddresses: true, ca },
    passage: { gate: openGate(), choice: 'pinned' },
    onEvent: (event) => void events.push(event),
  })
  cleanups.push(keys.close)
  return keys
}

export function pinKeys({ directory, clock = steppingClock(), limits = {} }: KeysParts): PinnedDirectory['keys'] {
  const keys = createDirectoryKeys({
    ...{ directory, clock, gate: openGate(), limits: { ...LIMITS, ...limits }, onEvent: () => undefined },
    verifyChain: () => Promise.reject(new Error('no chain is looked at')),
  })
  cleanups.push(keys.close)
  return keys
}

export function steppingClock(): SteppingClock {
  let elapsed = 5_000
  return {
    now: () => {
      throw new Error('the wall clock was asked')
    },
    elapsedMs: () => elapsed,
    step: (milliseconds) => (elapsed += milliseconds),
  }
}

export function demandOf(changes: Partial<StatementDemand> = {}): StatementDemand {
  return {
    mode: { create: 'required', update: 'required', read: 'forbidden', delete: 'forbidden' },
    algorithms: ['PS256'],
    maxAgeSeconds: 300,
    clockSkewSeconds: 60,
    ...changes,
  }
}

/** The stage, asked about one statement. */
export function verifierFor(
  { pinned: directory }: Pick<DirectoryFixture, 'pinned'>,
  changes: Partial<StatementDemand> = {},
): (statement: string | null, operation?: Operation, now?: Date) => Promise<VerifiedStatement | null> {
  const verify = createStatementVerification({
    demand: demandOf(changes),
    directories: [directory],
    jsonLimits: JSON_LIMITS,
  })
  return (statement, operation = 'create', now = NOW) => verify(requestWith(statement, operation), now)
}

export function requestWith(softwareStatement: string | null, operation: Operation): RegistrationRequest {
  const location = operation === 'create' ? null : { suffix: '/c1', query: '', clientId: 'c1' }
  const nothing = { managementToken: null, metadata: {}, passedHeaders: {}, bodyBytes: 0 }
  return { ...nothing, contentType: 'application/json', signed: null, operation, location, softwareStatement }
}

/** The findings of the refusal that must come. */
export async function findingsOf(outcome: Promise<unknown>): Promise<readonly Finding[]> {
  const refusal = await refusalOf(outcome)
  return refusal.findings
}

export async function refusalOf(outcome: Promise<unknown>): Promise<Refusal> {
  const failure = await outcome.then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  )
  if (failure instanceof Refusal) return failure
  throw failure
}

export async function reasonsOf(outcome: Promise<unknown>): Promise<readonly string[]> {
  return (await findingsOf(outcome)).map(({ reason }) => reason)
}
