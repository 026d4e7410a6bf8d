import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { describeMissing } from '../document/describe-missing.ts'
import { writeFaults } from '../document/write-faults.ts'
import { watchFiles } from '../operations/watch-files.ts'
import { testPolicies, type PoliciesTested } from '../policy/cases/test-policies.ts'
import { argumentFault } from './choose-policy.ts'
import { isGreen, writeCasesReport } from './write-cases-report.ts'
import { writeCoverage } from './write-coverage.ts'
import { writeJunit } from './write-junit.ts'

interface Options {
  readonly policy?: string
  readonly coverage: boolean
  readonly junit?: string
  readonly watch: boolean
}

const POLL_INTERVAL_MS = 500

/** `test`: runs the cases.yaml of every policy; a rule without an approving and a refusing case fails like a wrong one. */
export function testCommand(): Command {
  return new Command('test')
    .description('run the cases of all policies in a folder')
    .argument('[folder]', 'folder with one folder a policy', 'policies')
    .option('--policy <name>', 'run those of this policy alone')
    .option('--coverage', 'print for every rule how many cases approve and refuse', false)
    .option('--junit <file>', 'write the outcome as JUnit XML as well, for a build server')
    .option('--watch', 'run again whenever a file changes, until Ctrl-C', false)
    .action(async (folder: string, options: Options) => {
      await runOnce(folder, options)
      if (options.watch) await runOnChange(folder, options)
    })
}

/** Sets the exit code: 0 when all is green, 1 otherwise. */
async function runOnce(folder: string, { policy, coverage, junit }: Options): Promise<void> {
  const outcome = await testPolicies(folder, policy)
  for (const one of outcome.tested) {
    process.stdout.write(writeCasesReport(one.policy, one.cases, one.report))
    if (coverage) process.stdout.write(writeCoverage(one))
  }
  if (outcome.faults.length > 0) process.stderr.write(writeFaults(outcome.faults, 'not tested'))
  const isWritten = junit === undefined || (await writeReport(junit, outcome))
  const isSound = outcome.faults.length === 0 && outcome.tested.every(({ report }) => isGreen(report))
  process.exitCode = isSound && isWritten ? 0 : 1
}

/** A build server that finds no report, or an old one, would take the build for good. */
async function writeReport(file: string, outcome: PoliciesTested): Promise<boolean> {
  try {
    await writeFile(file, writeJunit(outcome))
    return true
  } catch (failure) {
    const fault = argumentFault('--junit', 'a file that can be written', describeMissing(failure, file))
    process.stderr.write(writeFaults([fault], 'no report written'))
    return false
  }
}

/** Ends with the code of the last run. */
async function runOnChange(folder: string, options: Options): Promise<void> {
  const onChange = async (): Promise<void> => {
    process.stdout.write(`\n${new Date().toISOString()} changed\n`)
    await runOnce(folder, options)
  }
  const watch = await watchFiles({ paths: [folder], pollIntervalMs: POLL_INTERVAL_MS, onChange })
  process.stdout.write(`watching ${folder}, Ctrl-C ends\n`)
  // Looking at files alone does not keep a process alive.
  const alive = setInterval(() => undefined, 3_600_000)
  const end = (): void => {
    watch.stop()
    clearInterval(alive)
  }
  process.once('SIGINT', end).once('SIGTERM', end)
}
