import { Command, Option } from 'commander'
import { importTrustedList, type ImportPlan } from '../certificate/trusted-list/import-trusted-list.ts'
import { installTrustFolder } from '../certificate/trusted-list/install-trust-folder.ts'
import { readImportSources } from '../certificate/trusted-list/read-import-sources.ts'
import { PURPOSES, SERVICE_TYPES, type ServiceChoice } from '../certificate/trusted-list/select-services.ts'
import { writeImportReport } from '../certificate/trusted-list/write-import-report.ts'
import { writeFaults } from '../document/write-faults.ts'
import type { Fault } from '../model/fault.ts'
import { parseTime } from './parse-time.ts'

interface Options {
  readonly signer: string
  readonly into: string
  readonly serviceType: ServiceChoice['type']
  readonly for: ServiceChoice['purpose']
  readonly at?: Date
  readonly allowOlder: boolean
}

/** `trust import`: an EU trusted list becomes a trust folder. */
export function trustImportCommand(): Command {
  return new Command('import')
    .description('write a trust folder from an EU trusted list (ETSI TS 119 612), verified with a pinned certificate')
    .argument('<list>', 'the list, as it was published')
    .requiredOption(
      '--signer <file>',
      'certificates of the scheme operator, PEM; those inside the list count for nothing',
    )
    .requiredOption(
      '--into <folder>',
      'trust folder to write, such as certs/trust/eu-be; only what an import wrote is replaced',
    )
    .addOption(
      new Option('--service-type <type>', 'services to take').choices(Object.keys(SERVICE_TYPES)).default('ca-qc'),
    )
    .addOption(
      new Option('--for <purpose>', 'what they must be granted for').choices(Object.keys(PURPOSES)).default('web'),
    )
    .option('--at <date>', 'hold the list against this time instead of now, such as 2026-11-01T00:00:00Z', parseTime)
    .option('--allow-older', 'take a list that is older than the one imported before', false)
    .action(runImport)
}

async function runImport(list: string, options: Options): Promise<void> {
  const plan = await planImport(list, options)
  const faults = 'files' in plan ? await installTrustFolder(options.into, plan) : plan
  if ('files' in plan && faults.length === 0) {
    process.stdout.write(writeImportReport(plan, options.into))
    return
  }
  process.stderr.write(writeFaults(faults, 'nothing imported'))
  process.exitCode = 1
}

async function planImport(list: string, options: Options): Promise<ImportPlan | readonly Fault[]> {
  const sources = await readImportSources(list, options.signer, options.into)
  if (!('list' in sources)) return sources
  const choice = { type: options.serviceType, purpose: options.for }
  return importTrustedList(sources, { choice, now: options.at ?? new Date(), allowOlder: options.allowOlder })
}
