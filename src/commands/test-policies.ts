import { join } from 'node:path'
import { Command } from 'commander'
import { writeFaults } from '../document/write-faults.ts'
import { checkCases } from '../policy/cases/check-cases.ts'
import { loadCases } from '../policy/cases/load-cases.ts'
import { runCases } from '../policy/cases/run-cases.ts'
import { loadPolicies } from '../policy/load-policies.ts'
import { isGreen, writeCasesReport } from './write-cases-report.ts'

/** `test`: runs the cases.yaml of every policy; a rule without an approving and a refusing case fails like a wrong one. */
export function testCommand(): Command {
  return new Command('test')
    .description('run the cases of all policies in a folder')
    .argument('[folder]', 'folder with one folder a policy', 'policies')
    .action(async (folder: string) => {
      const { policies, names, faults } = await loadPolicies(folder)
      const problems = [...faults]
      for (const name of names) {
        // Also beside a faulty policy: whoever writes both wants to mend both at once.
        const { loaded, faults: caseFaults } = await loadCases(join(folder, name))
        const policy = policies.get(name)
        problems.push(...caseFaults)
        if (loaded === null || policy === undefined) continue
        const misnamed = checkCases(policy, loaded)
        problems.push(...misnamed)
        if (misnamed.length > 0) continue
        const report = runCases(policy, loaded.cases)
        process.stdout.write(writeCasesReport(policy, loaded, report))
        if (!isGreen(report)) process.exitCode = 1
      }
      if (problems.length > 0) {
        process.stderr.write(writeFaults(problems, 'not tested'))
        process.exitCode = 1
      }
    })
}
