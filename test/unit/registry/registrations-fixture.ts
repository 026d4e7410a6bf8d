import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import type { UpstreamAnswer, UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration, OnceDemand, ReservedRegistration } from '../../../src/model/decision.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { prove } from '../../../src/model/proof.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { Secret } from '../../../src/model/secret.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { RegistrationEvent } from '../../../src/registry/registration-event.ts'
import type { RegistrationOptions } from '../../../src/registry/registration-options.ts'
import { readRecord, type RegistrationRecord } from '../../../src/registry/registration-record.ts'
import { createRegistrations } from '../../../src/registry/registrations.ts'
import { sweepRegistrations } from '../../../src/registry/sweep-registrations.ts'
import { createKeyRing, type KeyRing } from '../../../src/sealing/key-ring.ts'
import { ScriptedServer } from './scripted-server.ts'

export const TTL = 60_000
export const RECOVERY = 600_000
export const SECOND = 1_000

/** One clock for lifetimes and for people, which stands still until it is told otherwise. */
export interface FrozenClock {
  readonly now: () => Date
  readonly elapsedMs: () => number
  readonly advance: (milliseconds: number) => void
}

export function frozenClock(): FrozenClock {
  const start = Date.parse('2026-01-01T12:00:00Z')
  let elapsed = SECOND
  return {
    now: () => new Date(start + elapsed),
    elapsedMs: () => elapsed,
    advance: (milliseconds) => {
      elapsed += milliseconds
    },
  }
}

export function ringOf(...ids: readonly string[]): KeyRing {
  const keys = ids.map((id) => ({ id, key: new Secret(randomBytes(32).toString('base64url')) }))
  return createKeyRing(keys)
}

export interface Asked {
  readonly operation?: Operation
  readonly key?: string | null
  /** Null for nobody with a certificate. */
  readonly owner?: string | null
  /** Name of the trust folder that vouched for the owner. */
  readonly trust?: string
  /** Of the statement; another one is another statement. */
  readonly sha256?: string
  readonly directory?: string
  readonly metadata?: JsonObject | null
  /** Whether a software statement came with it. */
  readonly hasStatement?: boolean
  readonly once?: readonly OnceDemand[]
  readonly managed?: { readonly record: string | null; readonly clientId: string; readonly token?: string } | null
}

/** As policy/ would have made it; only what registrations read. */
export function approval(asked: Asked = {}): ApprovedRegistration {
  const { operation = 'create', key = 'software-1', owner = 'A', trust = 'scheme', sha256 = 'statement-1' } = asked
  const {
    directory = 'directory',
    metadata = { client_name: 'Larkfield Ledger' },
    once = [],
    managed = null,
    hasStatement = true,
  } = asked
  const certificate = { subject: parseDistinguishedName(`CN=${owner ?? ''}`), thumbprint: 'thumbprint' }
  const location = managed === null ? null : { suffix: `/${managed.clientId}`, query: '', clientId: managed.clientId }
  const known =
    managed === null
      ? null
      : {
          ...managed,
          place: `/${managed.clientId}`,
          token: managed.token === undefined ? null : new Secret(managed.token),
        }
  return prove('approved', {
    evidence: {
      request: { operation, location },
      client: owner === null ? null : { certificate, trust },
      statement: hasStatement ? { directory, sha256 } : null,
      managed: known,
    },
    policy: { name: 'p', version: '1', sha256: 'hash' },
    ...{ clientKey: key, owner, metadata, headers: {}, once, reported: [] },
  } as never)
}

export function demand(key: string, id = 'request-used-once', directory: string | null = null): OnceDemand {
  const finding = { reason: 'used-before', rule: id, at: 'jti', message: 'the request was used before' } as const
  return { id, key, directory, holdsMs: 3_600_000, finding }
}

interface GivenServer {
  readonly server?: ScriptedServer
  /** Whether the operator named a way to look for clients. */
  readonly hasAdministration?: boolean
  /** Whether he named a way to look one up by its id, too. */
  readonly looksUp?: boolean
}

/** A gateway with a clock that stands still, a memory, and an identity server that does what it is told. */
export function setUp(options: Partial<RegistrationOptions> & GivenServer = {}) {
  const clock = (options.clock as FrozenClock | undefined) ?? frozenClock()
  const registry = options.registry ?? new MemoryRegistry({ clock, maxEntries: 1000 })
  const ring = options.ring ?? ringOf('k1')
  const { server = new ScriptedServer(), hasAdministration = false, looksUp = false, ...given } = options
  const events: RegistrationEvent[] = []
  const settings: RegistrationOptions = {
    ...{
      registry,
      clock,
      ring,
      upkeep: server.upkeep(hasAdministration, looksUp),
      realm: '/reg',
      endpoint: '/register',
      single: true,
    },
    ...{ reservationTtlMs: TTL, recovery: 'replay', recoveryMs: RECOVERY, newHolder: randomUUID },
    whenUnavailable: { registrations: 'refuse', usedOnce: 'refuse' },
    keepsAnswers: false,
    keepsUnnamed: true,
    rotatesOnRead: false,
    isUsable: () => true,
    onEvent: (event) => events.push(event),
    ...given,
  }
  const registrations = createRegistrations(settings)
  const reserve = (approved: ApprovedRegistration, decisionId: string = randomUUID()): Promise<ReservedRegistration> =>
    registrations.reserve(approved, decisionId)
  const commit = (reserved: ReservedRegistration, reply: UpstreamReply, bound = boundOf(reply)): Promise<void> =>
    registrations.commit(reserved, reply, bound)
  /** One exchange as the pipeline has it: only what is not kept is asked for. */
  const exchange = async (approved: ApprovedRegistration, decisionId: string): Promise<Outcome> => {
    const reserved = await reserve(approved, decisionId)
    const reply = reserved.kept ?? server.answer(reserved)
    const bound = boundOf(reply)
    await commit(reserved, reply)
    return { reserved, reply: bound, clientId: bound.kind === 'answer' ? bound.body?.['client_id'] : undefined }
  }
  const recordAt = async (name: string | null): Promise<RegistrationRecord | null> => {
    const text = name === null ? null : await registry.read(name)
    return text === null ? null : readRecord(text)
  }
  const sweep = (): Promise<number> =>
    sweepRegistrations({ ...settings, keepsAnswers: false, upkeepAt: () => settings.upkeep })
  const away = (): RegistryUnavailable => new RegistryUnavailable('gone')
  const kinds = (): string[] => events.map(({ kind }) => kind)
  const { undelivered } = registrations
  return {
    ...{ reserve, commit, undelivered, exchange, recordAt, sweep, kinds, away },
    ...{ events, settings, registry, clock, server, ring },
  }
}

interface Outcome {
  readonly reserved: ReservedRegistration
  readonly reply: UpstreamReply
  readonly clientId: unknown
}

/** What management/ makes of it, for short. */
export function boundOf(reply: UpstreamReply): UpstreamReply {
  if (reply.kind === 'silence' || reply.body === null || !('registration_access_token' in reply.body)) return reply
  const { registration_access_token: issued, ...others } = reply.body
  const token = typeof issued === 'string' ? issued : ''
  const sealed = token.startsWith('bound ') ? token : `bound ${token}`
  return { ...reply, body: { ...others, registration_access_token: sealed } }
}

export async function refusalOf(outcome: Promise<unknown>): Promise<Refusal> {
  const failure: unknown = await outcome.then(
    () => 'no refusal',
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Refusal)
  return failure as Refusal
}

export async function reasonOf(outcome: Promise<unknown>): Promise<string> {
  return (await refusalOf(outcome)).findings[0].reason
}

export const answer = (status: number, body: JsonObject | null = null): UpstreamAnswer => ({
  kind: 'answer',
  status,
  body,
})
export const silence = (sent: boolean): UpstreamReply => ({
  kind: 'silence',
  sent,
  finding: { reason: 'upstream-timeout', at: 'identity server', message: 'the identity server did not answer' },
})
