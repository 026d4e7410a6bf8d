import { RegistryUnavailable } from './registry-unavailable.ts'
import { sweepRegistrations, type SweepOptions } from './sweep-registrations.ts'

export interface Sweeping {
  /** Resolves when what is under way is settled. */
  readonly stop: () => Promise<void>
}

/** Sweeps again and again, one sweep at a time; a store that is away is told of elsewhere, and tried again. */
export function startSweeping(options: SweepOptions, intervalMs: number, onFault: (fault: unknown) => void): Sweeping {
  let current: Promise<void> | null = null
  const sweep = async (): Promise<void> => {
    try {
      await sweepRegistrations(options)
    } catch (failure) {
      if (!(failure instanceof RegistryUnavailable)) onFault(failure)
    } finally {
      current = null
    }
  }
  const timer = setInterval(() => {
    current ??= sweep()
  }, intervalMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await current
    },
  }
}
