/** Runs things later. The real one is in timer-scheduler.ts; tests have one that they wind by hand. */
export interface Scheduler {
  /** Returns what calls the task off; calling it late or twice does nothing. */
  readonly after: (delayMs: number, task: () => void) => () => void
}
