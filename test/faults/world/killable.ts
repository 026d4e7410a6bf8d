import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Timeline } from './timeline.ts'

export interface KillableOptions {
  readonly name: string
  /** Resolves once the process serves, at the same port each time. */
  readonly launch: () => Promise<ChildProcess>
  readonly timeline: Timeline
  /** A process that ends by itself, or does not come back. */
  readonly onCrash: (what: string) => void
}

const ATTEMPTS_TO_START = 3

/** A process that is killed without warning and comes back. */
export class Killable {
  readonly #options: KillableOptions
  #child: ChildProcess | null = null
  #stopped = false
  #up: Promise<void> = Promise.resolve()

  constructor(options: KillableOptions) {
    this.#options = options
  }

  /** @throws when it does not start */
  async start(): Promise<void> {
    const child = await this.#launch()
    this.#child = child
    const killWithUs = (): boolean => child.kill('SIGKILL')
    process.once('exit', killWithUs)
    child.once('exit', (code, signal) => {
      process.removeListener('exit', killWithUs)
      if (this.#child !== child) return
      this.#child = null
      this.#options.onCrash(`${this.#options.name} ended by itself (${signal ?? code ?? 'unknown'})`)
    })
    this.#options.timeline.note(`${this.#options.name} is up`)
  }

  /** SIGKILL at once, and a new start after `downMs`. False when it is down already. */
  kill(downMs: number): boolean {
    const child = this.#child
    if (child === null || this.#stopped) return false
    this.#child = null
    child.kill('SIGKILL')
    this.#options.timeline.note(`${this.#options.name} is killed`)
    this.#up = this.#comeBack(child, downMs)
    return true
  }

  /** Resolves when it is up, or has crashed; at once when it is. */
  async whenUp(): Promise<void> {
    let seen: Promise<void>
    do {
      seen = this.#up
      await seen
      // It may have been killed again meanwhile.
    } while (seen !== this.#up)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#up
    const child = this.#child
    this.#child = null
    if (child === null) return
    child.kill('SIGKILL')
    await gone(child)
  }

  async #comeBack(child: ChildProcess, downMs: number): Promise<void> {
    await Promise.all([gone(child), sleep(downMs)])
    if (this.#stopped) return
    await this.start().catch((failure: unknown) => this.#options.onCrash(String(failure)))
  }

  async #launch(): Promise<ChildProcess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#options.launch()
      } catch (failure) {
        if (attempt === ATTEMPTS_TO_START) throw failure
        this.#options.timeline.note(`${this.#options.name} did not start: ${String(failure).slice(0, 300)}`)
      }
    }
  }
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
