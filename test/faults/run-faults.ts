import { playRegistration } from './registrant/play-registration.ts'
import type { Software } from './registrant/software.ts'
import { runAll } from './run-all.ts'
import { buildSchedule } from './schedule/build-schedule.ts'
import { findViolations, type Violation } from './verdict/find-violations.ts'
import { tallyOf, writeReport, type Tally } from './verdict/write-report.ts'
import type { Recovery } from './world/gateway-settings.ts'
import { openWorld } from './world/open-world.ts'

export interface FaultRun {
  readonly seed: string
  /** Of software, each with one registration or more. */
  readonly count: number
  readonly recovery: Recovery
}

export interface FaultResult {
  readonly violations: readonly Violation[]
  readonly report: string
  readonly tally: Tally
}

const AT_A_TIME = 12

/** Plays the whole schedule of a seed in a world of its own and says what does not hold afterwards. */
export async function runFaults({ seed, count, recovery }: FaultRun): Promise<FaultResult> {
  const world = await openWorld(recovery)
  let failed = true
  try {
    const all: Software[] = []
    await runAll(buildSchedule(seed, count), AT_A_TIME, async (registration) => {
      all.push(await playRegistration(world, registration))
    })
    const violations = await findViolations(world, all)
    failed = violations.length > 0
    const report = `${writeReport(world, violations)}\nsettings, audit trails and the clients: ${world.folder}`
    return { violations, report, tally: tallyOf(all) }
  } finally {
    await world.stop(failed)
  }
}
