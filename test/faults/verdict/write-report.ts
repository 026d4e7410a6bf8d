import { groupBy } from './group-by.ts'
import { nameOf, type FaultKind } from '../schedule/faults.ts'
import { describeFault, type Attempt, type Software } from '../registrant/software.ts'
import type { World } from '../world/open-world.ts'
import type { Violation } from './find-violations.ts'

/** Of each invariant, software whose whole story is told; the others are named. */
const TOLD = 2
const NAMED = 20

/** For who has to find out why: each violation, then of some of these software all attempts with times, faults and kills. */
export function writeReport(world: World, violations: readonly Violation[]): string {
  const byInvariant = [...groupBy(violations, ({ invariant }) => invariant)]
  const told = byInvariant.flatMap(([, broken]) => broken.flatMap(({ software }) => software ?? []).slice(0, TOLD))
  return [
    ...byInvariant.flatMap(([invariant, broken]) => [
      `✖ ${invariant}: ${broken.length} times`,
      ...broken.slice(0, NAMED).map(({ software, what }) => `    ${nameSoftware(software)}${what}`),
    ]),
    ...[...new Set(told)].flatMap((software) => tell(world, software)),
  ].join('\n')
}

function nameSoftware(software: Software | null): string {
  return software === null ? '' : `registration ${software.number} (${software.title}): `
}

function tell(world: World, { number, title, softwareId, attempts }: Software): readonly string[] {
  const from = Math.min(...attempts.map(({ startedAt }) => startedAt))
  const until = Math.max(...attempts.map(({ endedAt }) => endedAt)) + 2_000
  const lines = [
    ...attempts.map((attempt) => ({ at: attempt.startedAt, line: tellAttempt(attempt, from) })),
    ...attempts
      .filter(({ armed }) => armed?.fault.way === 'registrant' && armed.struckAt !== null)
      .map(({ armed }) => ({ at: armed?.struckAt ?? 0, line: `    ⚡ ${describeFault(armed)}` })),
    ...world.timeline.between(from - 500, until).map(({ at, what }) => ({ at, line: `    ${what}` })),
  ]
  return [
    `registration ${number} ${title}, software ${softwareId}, milliseconds since ${new Date(from).toISOString()}`,
    ...lines
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, line }) => `${String(at - from).padStart(6)} ${line}`),
  ]
}

function tellAttempt({ leg, does, gateway, statement, endedAt, armed, outcome }: Attempt, from: number): string {
  const fault = armed === null ? '' : `, ${describeFault(armed)}`
  return `leg ${leg} at ${gateway}: ${does}, statement ${statement.slice(0, 8)}${fault} → ${outcome} (${endedAt - from})`
}

export interface Tally {
  readonly attempts: number
  /** From the first attempt to the end of the last. */
  readonly seconds: number
  readonly grants: number
  /** By kind, those that never struck included. */
  readonly struck: ReadonlyMap<string, number>
}

export function tallyOf(all: readonly Software[], cards: readonly FaultKind[]): Tally {
  const attempts = all.flatMap((software) => software.attempts)
  const struck = new Map(cards.map((kind) => [nameOf(kind), 0]))
  for (const { armed } of attempts) {
    if (typeof armed?.struckAt !== 'number') continue
    const name = nameOf(armed.fault)
    struck.set(name, (struck.get(name) ?? 0) + 1)
  }
  const from = Math.min(...attempts.map(({ startedAt }) => startedAt))
  const seconds = Math.round((Math.max(...attempts.map(({ endedAt }) => endedAt)) - from) / 1000)
  return { attempts: attempts.length, seconds, grants: all.flatMap(({ grants }) => grants).length, struck }
}
