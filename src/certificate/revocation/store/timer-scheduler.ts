import { clearTimeout, setTimeout } from 'node:timers'
import type { Scheduler } from './scheduler.ts'

/** A longer delay would overflow and fire at once. */
const DELAY_LIMIT_MS = 2 ** 31 - 1

/** Timers that do not keep the process alive: nobody waits for a refresh when the gateway stops. */
export const timerScheduler: Scheduler = {
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, DELAY_LIMIT_MS)).unref()
    return () => clearTimeout(timer)
  },
}
