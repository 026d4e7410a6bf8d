import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with one line that a script can read: `tests: N passed, M failed`, and how many were skipped if any were. */
export class ClosingLineReporter implements Reporter {
  #modules: readonly TestModule[] = []
  #unhandled = 0

  /** On exit, for other reporters and the tear-down may have something to say after the last test. */
  onInit(): void {
    process.once('exit', (code) => process.stdout.write(`${this.#line(code)}\n`))
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#modules = modules
    this.#unhandled = unhandledErrors.length
  }

  #line(exitCode: number): string {
    const passed = count(this.#modules, 'passed')
    const skipped = count(this.#modules, 'skipped')
    const outside = this.#modules.flatMap(errorsOutsideCases).length + this.#unhandled
    // What broke outside a test case (a file that does not load, a hook, the global set-up) must not read as `0 failed`.
    const failed = Math.max(count(this.#modules, 'failed') + outside, exitCode === 0 ? 0 : 1)
    return `tests: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
  }
}

function count(modules: readonly TestModule[], state: 'passed' | 'failed' | 'skipped'): number {
  return modules.reduce((sum, module) => sum + [...module.children.allTests(state)].length, 0)
}

function errorsOutsideCases(module: TestModule): unknown[] {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())]
}
