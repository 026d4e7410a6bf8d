import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { runFaults } from './run-faults.ts'
import type { Recovery } from './world/gateway-settings.ts'
import type { StoreKind } from './world/stores/store.ts'

const COUNT = Number(process.env['FAULT_COUNT'] ?? 60)
/** From so many on, hardly any kind of fault may have missed every time: it would prove nothing. */
const ENOUGH_FOR_ALL_FAULTS = 1_000
/** A few of every run of all tests are the same ones, so that what turns red is the change; the long runs look for what is new. */
const SEED = process.env['FAULT_SEED'] ?? (COUNT < ENOUGH_FOR_ALL_FAULTS ? 'af3598ea' : randomUUID().slice(0, 8))
/** Failovers take their time; what they may lose shows in fewer registrations. */
const STORES: readonly (readonly [Recovery, StoreKind, number])[] = [
  ['replay', 'single', Math.ceil(COUNT / 2)],
  ['rollback', 'single', Math.ceil(COUNT / 2)],
  ['replay', 'sentinel', Math.ceil(COUNT / 5)],
  ['rollback', 'cluster', Math.ceil(COUNT / 5)],
]
/** Of one registration, with its faults and the processes that come back; the whole has its start and its end besides. */
const LIMIT_MS = 240_000 + COUNT * 2_000
/** Some strike in a moment that is over before a relay sees it come, such as after the last byte of an answer. */
const MISSED_KINDS = 3

it.each(STORES)(
  'nothing is lost and nothing is there twice, whatever is killed or cut (%s, %s)',
  async (recovery, store, count) => {
    const { violations, report, tally } = await runFaults({ seed: SEED, count, recovery, store })
    const { attempts, grants, struck, seconds } = tally
    const faults = [...struck.values()].reduce((sum, times) => sum + times, 0)
    const missed = [...struck].filter(([, times]) => times === 0).map(([name]) => name)
    const kinds = `${struck.size - missed.length} of ${struck.size} kinds`
    console.info(
      `${recovery}, ${store}, seed ${SEED}: ${attempts} attempts in ${seconds} s, ${grants} granted, ${faults} faults of ${kinds}`,
    )
    const again = `FAULT_SEED=${SEED} FAULT_COUNT=${COUNT} npm run test:faults -- -t "${recovery}, ${store}" plays this schedule again`
    expect(violations.length, `${report}\n${again}\n`).toBe(0)
    if (count >= ENOUGH_FOR_ALL_FAULTS / 2)
      expect(missed.length, `never struck: ${missed.join(', ')}`).toBeLessThanOrEqual(MISSED_KINDS)
    const deaths = [...struck].reduce((sum, [name, times]) => sum + (name.startsWith('kill store') ? times : 0), 0)
    expect(store === 'single' ? faults : deaths, 'faults that struck, or deaths of the store').toBeGreaterThan(0)
  },
  LIMIT_MS,
)
