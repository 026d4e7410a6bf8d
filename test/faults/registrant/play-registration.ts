import { setTimeout as sleep } from 'node:timers/promises'
import { GATEWAYS, type Registration, type Turn } from '../schedule/build-schedule.ts'
import type { Fault } from '../schedule/faults.ts'
import type { End, Step } from '../schedule/stories.ts'
import type { World } from '../world/open-world.ts'
import { makeAttempt, type Errand } from './make-attempt.ts'
import type { Outcome } from './read-outcome.ts'
import { createSoftware, signStatement, type Grant, type Software, type Statement } from './software.ts'

/** After so long without an answer that counts, a registrant says so. */
const STEP_LIMIT_MS = 120_000
const SLOWEST_TURN_MS = 1_000
const MANAGES: readonly Step['does'][] = ['update', 'delete', 'lose']
/** So often a fault that finds no exchange lies in wait. Some make themselves impossible: there must be an answer all the same. */
const MOST_AMBUSHES = 8

/** Plays one story to its end and tells what the registrant then knows. */
export async function playRegistration(world: World, registration: Registration): Promise<Software> {
  const { number, title, story, turns } = registration
  const software = await createSoftware(world, number, title)
  await world.whenAllUp()
  const shared = signStatement(world, software)
  await Promise.all(
    story.legs.map(async (steps, leg) => {
      const statement = story.statement === 'one for all' ? shared : signStatement(world, software)
      await new Leg(world, software, leg, statement, turns[leg] ?? []).play(steps)
    }),
  )
  return software
}

class Leg {
  readonly #world: World
  readonly #software: Software
  readonly #leg: number
  readonly #turns: Iterator<Turn>
  #statement: Statement
  #missed: Fault | null = null
  #ambushes = 0

  constructor(world: World, software: Software, leg: number, statement: Statement, turns: readonly Turn[]) {
    this.#world = world
    this.#software = software
    this.#leg = leg
    this.#statement = statement
    this.#turns = withoutEnd(turns)
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) if (!(await this.#take(step))) return
  }

  /** False when it ended wrongly: what comes after it would mean nothing. */
  async #take(step: Step): Promise<boolean> {
    const { does, fresh } = step
    const grant = MANAGES.includes(does) ? (this.#software.grants.at(-1) ?? null) : null
    if (does === 'lose') return this.#lose(grant)
    if (fresh === 'once') this.#statement = signStatement(this.#world, this.#software)
    const startedAt = Date.now()
    let inDoubt = false
    // A process that is gone for good would have all wait for nothing.
    while (this.#world.crashes.length === 0 && Date.now() - startedAt < STEP_LIMIT_MS) {
      if (fresh === 'each time') this.#statement = signStatement(this.#world, this.#software)
      const errand: Errand = { leg: this.#leg, does, statement: this.#statement, grant }
      const outcome = await this.#attempt(errand)
      if (outcome.kind === 'unsettled') inDoubt ||= outcome.doubtful
      else if (isTooOld(outcome)) this.#statement = signStatement(this.#world, this.#software)
      else return this.#end(step, outcome, errand, inDoubt)
    }
    this.#complain(`${does}: no answer that counts in ${Math.round((Date.now() - startedAt) / 1000)} s`)
    return false
  }

  /** The bank has time, and asks when all is up. */
  async #lose(grant: Grant | null): Promise<boolean> {
    if (grant === null) throw new RangeError(`registration ${this.#software.number} has nothing to lose`)
    const until = Date.now() + STEP_LIMIT_MS
    while (Date.now() < until) {
      await this.#world.whenAllUp()
      try {
        await this.#world.removeClient(grant.clientId)
        grant.deleted = true
        return true
      } catch {
        await sleep(SLOWEST_TURN_MS)
      }
    }
    this.#complain('lose: the identity server could not be asked')
    return false
  }

  async #attempt(errand: Errand): Promise<Outcome> {
    const turn = this.#turns.next().value as Turn
    this.#ambushes = turn.fault === null ? this.#ambushes + 1 : 1
    // What found no exchange to strike lies in wait again.
    const fault = turn.fault ?? this.#missed
    const { outcome, missed } = await makeAttempt(this.#world, this.#software, errand, { ...turn, fault })
    this.#missed = this.#ambushes < MOST_AMBUSHES ? missed : null
    return outcome
  }

  #end(step: Step, outcome: Outcome, { statement, grant }: Errand, inDoubt: boolean): boolean {
    if (outcome.kind === 'granted') {
      const { clientId, token, uri } = outcome
      this.#software.grants.push({ clientId, token, uri, statement, leg: this.#leg, deleted: false })
    }
    const end = endOf(outcome, inDoubt)
    if (end === 'deleted' && grant !== null) grant.deleted = true
    if (step.ends.some((right) => right === end)) return true
    this.#complain(`${step.does}: ended with "${end}", not with ${step.ends.join(' or ')}`)
    return false
  }

  #complain(what: string): void {
    this.#software.complaints.push(what)
  }
}

/** A deletion whose answer was lost leaves an unknown client behind; one that was never tried does not. */
function endOf(outcome: Outcome, inDoubt: boolean): End | (string & {}) {
  if (outcome.kind === 'unknown-client') return inDoubt ? 'deleted' : 'an unknown client'
  return outcome.kind === 'refused' ? outcome.rule : outcome.kind
}

function isTooOld(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.rule === 'statement-too-old'
}

/** The turns of the schedule, and then ever slower ones without faults, at one gateway after the other. */
function* withoutEnd(turns: readonly Turn[]): Generator<Turn, never> {
  yield* turns
  for (let extra = 1; ; extra += 1) {
    yield { gateway: GATEWAYS[extra % 2] ?? 'A', fault: null, pauseMs: Math.min(SLOWEST_TURN_MS, 200 * extra) }
  }
}
