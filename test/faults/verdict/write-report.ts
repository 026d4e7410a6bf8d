import { groupBy } from './group-by.ts'
import { FAULT_CARDS, nameOf } from '../schedule/faults.ts'
import { describeFault, type Attempt, type Software } from '../registrant/software.ts'
import type { World } from '../world/open-world.ts'
import type { Violation } from './find-violations.ts'

/** Software whose whole story is told; the others are counted. */
const TOLD = 5

/** For who has to find out why: each violation, then of the first of these software all attempts with times, faults and kills. */
export function writeReport(world: World, violations: readonly Violation[]): string {
  const told = new Set(violations.map(({ software }) => software).filter((software) => software !== null))
  return [
    ...[...groupBy(violations, ({ invariant }) => invariant)].flatMap(([invariant, broken]) => [
      `✖ ${invariant}: ${broken.length} times`,
      ...broken
        .map(({ software, what }) => `    ${software === null ? '' : `registration ${software.number}: `}${what}`)
        .slice(0, 20),
    ]),
    ...[...told].slice(0, TOLD).flatMap((software) => tell(world, software)),
  ].join('\n')
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
  readonly grants: number
  /** By kind, those that never struck included. */
  readonly struck: ReadonlyMap<string, number>
}

export function tallyOf(all: readonly Software[]): Tally {
  const attempts = all.flatMap((software) => software.attempts)
  const struck = new Map(FAULT_CARDS.map((kind) => [nameOf(kind), 0]))
  for (const { armed } of attempts) {
    if (armed?.struckAt == null) continue
    const name = nameOf(armed.fault)
    struck.set(name, (struck.get(name) ?? 0) + 1)
  }
  return { attempts: attempts.length, grants: all.flatMap(({ grants }) => grants).length, struck }
}
