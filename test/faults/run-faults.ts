import { playRegistration } from './registrant/play-registration.ts'
import type { Software } from './registrant/software.ts'
import { runAll } from './run-all.ts'
import { buildSchedule } from './schedule/build-schedule.ts'
import { FAILOVER_CARDS, FAULT_CARDS } from './schedule/faults.ts'
import { findViolations, type Violation } from './verdict/find-violations.ts'
import { tallyOf, writeReport, type Tally } from './verdict/write-report.ts'
import type { Recovery } from './world/gateway-settings.ts'
import { openWorld } from './world/open-world.ts'
import type { StoreKind } from './world/stores/store.ts'

export interface FaultRun {
  readonly seed: string
  /** Of software, each with one registration or more. */
  readonly count: number
  readonly recovery: Recovery
  readonly store: StoreKind
}

export interface FaultResult {
  readonly violations: readonly Violation[]
  readonly report: string
  readonly tally: Tally
}

const AT_A_TIME = 12

/** Plays the whole schedule of a seed in a world of its own and says what does not hold afterwards. */
export async function runFaults({ seed, count, recovery, store }: FaultRun): Promise<FaultResult> {
  const cards = store === 'single' ? FAULT_CARDS : FAILOVER_CARDS
  const world = await openWorld(recovery, store)
  let failed = true
  try {
    const all: Software[] = []
    await runAll(buildSchedule(seed, count, cards), AT_A_TIME, async (registration) => {
      all.push(await playRegistration(world, registration))
    })
    const violations = await findViolations(world, all)
    failed = violations.length > 0
    const report = `${writeReport(world, violations)}\nsettings, audit trails and the clients: ${world.folder}`
    return { violations, report, tally: tallyOf(all, cards) }
  } finally {
    await world.stop(failed)
  }
}
