import { setTimeout as sleep } from 'node:timers/promises'
import { sendAs, type RegistrantRequest } from '../../support/registrant.ts'
import type { ArmedFault } from '../relay/armed-fault.ts'
import { openRelay } from '../relay/open-relay.ts'
import type { Turn } from '../schedule/build-schedule.ts'
import type { Fault } from '../schedule/faults.ts'
import type { Step } from '../schedule/stories.ts'
import { STALL_MS, type World } from '../world/open-world.ts'
import { readOutcome, type Outcome } from './read-outcome.ts'
import { type Grant, type Software, type Statement } from './software.ts'

export interface Errand {
  readonly leg: number
  readonly does: Step['does']
  readonly statement: Statement
  /** What is to be managed. */
  readonly grant: Grant | null
}

export interface Made {
  readonly outcome: Outcome
  /** The fault of the turn where it did not strike. */
  readonly missed: Fault | null
}

/** Longer than a gateway takes for any answer. */
const PATIENCE_MS = 10_000
/** Longer than the longest pause of a gateway between two attempts to reach the store. */
const RECONNECTING_MS = 1_500

/** One request through a connection of its own, with the fault of the turn lying in wait on the way it names. */
export async function makeAttempt(world: World, software: Software, errand: Errand, turn: Turn): Promise<Made> {
  await sleep(turn.pauseMs)
  const { gateway, fault } = turn
  // While something is down most faults would miss.
  if (fault !== null) await world.whenAllUp()
  const startedAt = Date.now()
  const onStrike = (struck: Fault): void => world.strike(gateway, struck)
  const way = { way: 'registrant', targetPort: world.portOf(gateway) } as const
  const door = await openRelay({ ...way, onStrike, stallMs: STALL_MS })
  const lair = fault === null ? null : fault.way === 'registrant' ? door : world.relayOf(gateway, fault.way)
  const armed: ArmedFault | null = fault === null || lair === null ? null : lair.arm(fault)
  const outcome = await send(software, errand, door.port)
  if (armed !== null && lair !== null) {
    await waitForReconnecting(armed)
    lair.disarm(armed)
  }
  await door.close()
  const { leg, does, statement } = errand
  software.attempts.push({
    ...{ leg, does, gateway, statement: statement.jti, startedAt, endedAt: Date.now(), armed },
    outcome: describeOutcome(outcome),
  })
  return { outcome, missed: armed?.struckAt === null ? armed.fault : null }
}

/** No request connects to the store: a gateway without it refuses at once, and connects a moment later. */
async function waitForReconnecting(armed: ArmedFault): Promise<void> {
  if (armed.fault.way !== 'store' || armed.fault.moment !== 'connecting') return
  const until = Date.now() + RECONNECTING_MS
  while (armed.struckAt === null && Date.now() < until) await sleep(10)
}

async function send(software: Software, errand: Errand, port: number): Promise<Outcome> {
  try {
    const answer = await sendAs(software.identity, {
      ...requestOf(software, errand, `https://127.0.0.1:${port}`),
      signal: AbortSignal.timeout(PATIENCE_MS),
      // The relay tells handshake from payload, which TLS 1.3 hides.
      maxVersion: 'TLSv1.2',
    })
    return readOutcome(errand.does, answer)
  } catch (failure) {
    return { kind: 'unsettled', doubtful: true, why: (failure as NodeJS.ErrnoException).code ?? String(failure) }
  }
}

function requestOf(software: Software, { does, statement, grant }: Errand, origin: string): RegistrantRequest {
  if (does === 'register' || does === 'register wrongly') {
    const body = registrationOf(statement, does === 'register' ? GOOD_URI : FOREIGN_URI)
    return { method: 'POST', url: `${origin}/register`, body }
  }
  if (grant === null) throw new RangeError(`registration ${software.number} has nothing to ${does}`)
  const { pathname, search } = new URL(grant.uri)
  const at = { url: `${origin}${pathname}${search}`, headers: { authorization: `Bearer ${grant.token}` } }
  if (does === 'delete') return { method: 'DELETE', ...at }
  return { method: 'PUT', ...at, body: { ...registrationOf(statement, GOOD_URI), client_id: grant.clientId } }
}

const GOOD_URI = 'https://ipe.example.com.br/cb'
const FOREIGN_URI = 'https://foreign.example/cb'

function registrationOf(statement: Statement, redirectUri: string): object {
  return {
    application_type: 'web',
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    response_types: ['code id_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_encrypted_response_alg: 'RSA-OAEP',
    request_object_signing_alg: 'PS256',
    require_signed_request_object: true,
    scope: 'openid accounts resources',
    redirect_uris: [redirectUri],
    software_statement: statement.jws,
  }
}

function describeOutcome(outcome: Outcome): string {
  if (outcome.kind === 'granted') return `201 ${outcome.clientId}`
  if (outcome.kind === 'refused') return `${outcome.status} ${outcome.rule}`
  return outcome.kind === 'unsettled' ? outcome.why : outcome.kind
}
