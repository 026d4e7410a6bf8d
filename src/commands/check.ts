import { Command } from 'commander'
import { countOf, writeFaults, writeWarnings } from '../document/write-faults.ts'
import { loadGateway } from '../load-gateway.ts'
import { writeEndpoint } from './write-endpoint.ts'
import { writeRuleChanges } from './write-rule-changes.ts'

/** `check`: everything `serve` would check before it starts, without starting. */
export function checkCommand(): Command {
  return new Command('check')
    .description('check settings, trust folders and policies, and report all faults at once')
    .requiredOption('-c, --config <file>', 'the settings')
    .action(async ({ config }: { config: string }) => {
      const { plan, faults } = await loadGateway(config, process.env, new Date())
      if (plan === null) {
        process.stderr.write(writeFaults(faults, 'none of it may be served'))
        process.exitCode = 1
        return
      }
      if (plan.warnings.length > 0) process.stdout.write(writeWarnings(plan.warnings))
      process.stdout.write(writeRuleChanges(plan.ruleChanges))
      process.stdout.write(plan.endpoints.map(writeEndpoint).join(''))
      const { length } = plan.warnings
      process.stdout.write(length === 0 ? 'no faults\n' : `${countOf(length, 'warning')}, no faults\n`)
    })
}
