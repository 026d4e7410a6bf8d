import { join } from 'node:path'
import { Command } from 'commander'
import { ReadOnlyFolder } from '../certificate/revocation/store/read-only-folder.ts'
import type { RevocationEvent } from '../certificate/revocation/store/revocation-event.ts'
import { DEFAULT_FOLDER_LIMITS } from '../certificate/revocation/store/revocation-folder.ts'
import { surveyTrust } from '../certificate/survey-trust.ts'
import type { TrustStore } from '../certificate/trust/trust-store.ts'
import { writeFaults } from '../document/write-faults.ts'
import { loadTrusts } from '../load-trusts.ts'
import { loadSettings } from '../settings/load-settings.ts'
import type { Settings } from '../settings/settings.ts'
import { describeKeptProblem } from './describe-kept-problem.ts'
import { parseTime } from './parse-time.ts'
import { writeTrustSurvey } from './write-trust-survey.ts'

interface Options {
  readonly config: string
  readonly at?: Date
}

/** `trust show`: every trusted issuer with its dates, and what is at hand to say who was revoked. */
export function trustShowCommand(): Command {
  return new Command('show')
    .description('print every trusted issuer with its days left, its CRLs and the OCSP answers kept; asks nobody')
    .requiredOption('-c, --config <file>', 'the settings')
    .option('--at <date>', 'as of this time instead of now, such as 2027-01-01', parseTime)
    .action(showTrusts)
}

const NONE: ReadonlyMap<string, TrustStore> = new Map()

async function showTrusts({ config, at }: Options): Promise<void> {
  const today = new Date()
  const now = at ?? today
  // The gateway's own certificate is not what is asked about.
  const { settings, faults } = await loadSettings(config, process.env, today)
  const loaded = settings === null ? { trusts: NONE, faults } : await loadTrusts(settings, now)
  if (settings === null || loaded.faults.length > 0) {
    process.stderr.write(writeFaults(loaded.faults, 'nothing shown'))
    process.exitCode = 1
    return
  }
  const sections: string[] = []
  for (const trust of loaded.trusts.values()) sections.push(await showTrust(trust, settings, now))
  process.stdout.write(sections.join('\n'))
}

async function showTrust(trust: TrustStore, settings: Settings, now: Date): Promise<string> {
  const { folder: kept } = settings.revocation
  const keptIn = kept === null ? null : join(kept, trust.name)
  const events: RevocationEvent[] = []
  const stored =
    keptIn === null ? [] : await new ReadOnlyFolder(keptIn, DEFAULT_FOLDER_LIMITS, (event) => events.push(event)).load()
  const place = {
    folder: settings.trust[trust.name] ?? '',
    endpoints: settings.endpoints.filter(({ trustedIssuers }) => trustedIssuers === trust.name).map(({ path }) => path),
    keptIn,
    keptProblems: events.flatMap((event) => describeKeptProblem(event) ?? []),
  }
  return writeTrustSurvey(surveyTrust(trust, stored), place, now)
}
