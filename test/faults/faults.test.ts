import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { runFaults } from './run-faults.ts'
import type { Recovery } from './world/gateway-settings.ts'

const SEED = process.env['FAULT_SEED'] ?? randomUUID().slice(0, 8)
const COUNT = Number(process.env['FAULT_COUNT'] ?? 60)
const RECOVERIES: readonly Recovery[] = ['replay', 'rollback']
/** Of one registration, with all its faults and the processes that come back; the whole has its start and its end besides. */
const LIMIT_MS = 120_000 + COUNT * 2_000

it.each(RECOVERIES)(
  'nothing is lost and nothing is there twice, whatever is killed or cut (%s)',
  async (recovery) => {
    const { violations, report, tally } = await runFaults({ seed: SEED, count: Math.ceil(COUNT / 2), recovery })
    const again = `FAULT_SEED=${SEED} FAULT_COUNT=${COUNT} npm run test:faults plays this schedule again`
    const struck = [...tally.struck.values()].reduce((sum, times) => sum + times, 0)
    console.info(`${recovery}, seed ${SEED}: ${tally.attempts} attempts, ${struck} faults, ${tally.grants} granted`)
    expect(violations.length, `${report}\n${again}\n`).toBe(0)
  },
  LIMIT_MS,
)
