import type { Scheduler } from './scheduler.ts'

/** One time limit for several things that are waited for one after the other. */
export class Deadline {
  readonly #reached: Promise<void>
  #cancel: () => void = () => undefined
  #over = false

  constructor(scheduler: Scheduler, limitMs: number) {
    this.#reached = new Promise((resolve) => {
      this.#cancel = scheduler.after(limitMs, () => {
        this.#over = true
        resolve()
      })
    })
  }

  get isOver(): boolean {
    return this.#over
  }

  /** Returns when the task has ended or the time is up, whichever is first; the task itself goes on. */
  async wait(task: Promise<unknown>): Promise<void> {
    await Promise.race([task, this.#reached])
  }

  cancel(): void {
    this.#cancel()
  }
}
