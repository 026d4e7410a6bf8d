import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Command, Option } from 'commander'
import { explainClient, type ClientExplanation } from '../certificate/explain-client.ts'
import { openRevocation, type TrustRevocation } from '../certificate/revocation/open-revocation.ts'
import { DEFAULT_GATE_LIMITS, FetchGate } from '../certificate/revocation/store/fetch-gate.ts'
import { ReadOnlyFolder } from '../certificate/revocation/store/read-only-folder.ts'
import type { RevocationEvent } from '../certificate/revocation/store/revocation-event.ts'
import { DEFAULT_FOLDER_LIMITS } from '../certificate/revocation/store/revocation-folder.ts'
import type { TrustStore } from '../certificate/trust/trust-store.ts'
import { escapeControls } from '../document/escape-controls.ts'
import { writeFaults } from '../document/write-faults.ts'
import { loadGateway, type GatewayPlan } from '../load-gateway.ts'
import type { Clock } from '../model/clock.ts'
import type { Fault } from '../model/fault.ts'
import { chooseCases, type Choice } from './choose-cases.ts'
import { describeKeptProblem } from './describe-kept-problem.ts'
import { parseTime } from './parse-time.ts'
import { readPresented, type Presented } from './read-presented.ts'
import { writeExplanation, writePresented, type ExplainedCase } from './write-explanation.ts'

interface Options extends Choice {
  readonly config: string
  readonly at?: Date
  readonly ask: boolean
}

/** `trust explain`: what becomes of a client certificate, and why. Ends with 1 unless every endpoint asked about accepts it. */
export function trustExplainCommand(): Command {
  return new Command('explain')
    .description('say for a client certificate which paths are tried, which link fails and what each endpoint says')
    .argument('<file>', "PEM: the client's certificate first, then what it presents besides")
    .requiredOption('-c, --config <file>', 'the settings')
    .option('--trust <name>', 'hold it against this trust folder alone')
    .addOption(new Option('--endpoint <name>', 'hold it against this endpoint alone').conflicts('trust'))
    .option('--at <date>', 'as of this time instead of now, such as 2027-01-01', parseTime)
    .addOption(
      new Option('--ask', 'ask for CRLs and OCSP answers over the network, within the limits of trust.yaml')
        .default(false)
        .conflicts('at'),
    )
    .action(explain)
}

async function explain(file: string, options: Options): Promise<void> {
  const { plan, faults } = await loadGateway(options.config, process.env, new Date())
  const presented = await readPresented(file)
  const unread = 'wanted' in presented ? [presented] : []
  if (plan === null || 'wanted' in presented) {
    fail([...faults, ...unread])
    return
  }
  const cases = chooseCases(plan, options)
  if ('wanted' in cases) {
    fail([cases])
    return
  }
  const clock: Clock = { now: () => options.at ?? new Date(), elapsedMs: () => performance.now() }
  const explanations: ClientExplanation[] = []
  for (const one of cases) explanations.push(await explainCase(one, presented, plan, { clock, ask: options.ask }))
  report(file, cases, explanations, { now: clock.now(), wasAsked: options.ask })
}

function report(
  file: string,
  cases: readonly ExplainedCase[],
  explanations: readonly ClientExplanation[],
  how: { readonly now: Date; readonly wasAsked: boolean },
): void {
  const [first] = explanations
  const sections = explanations.flatMap((explanation, index) => {
    const one = cases[index]
    return one === undefined ? [] : writeExplanation(one, explanation, how)
  })
  process.stdout.write([...(first === undefined ? [] : [writePresented(file, first, how.now)]), ...sections].join('\n'))
  // A folder that no endpoint uses counts where nothing else was asked about.
  const hasUsers = cases.some(({ endpoints }) => endpoints.length > 0)
  const counted = explanations.filter((_, index) => !hasUsers || (cases[index]?.endpoints.length ?? 0) > 0)
  if (counted.length === 0 || counted.some(({ refused }) => refused !== null)) process.exitCode = 1
}

async function explainCase(
  { trust, demand }: ExplainedCase,
  presented: Presented,
  { settings }: GatewayPlan,
  { clock, ask }: { readonly clock: Clock; readonly ask: boolean },
): Promise<ClientExplanation> {
  const revocation = openKept(trust, settings.revocation.folder, clock, ask)
  await revocation.load()
  try {
    const { presentedCertificates: presentedLimit } = settings.limits
    const known = revocation.withLocal(trust.crls)
    return await explainClient({ presented, trust, demand, presentedLimit, revocation: known, now: clock.now() })
  } finally {
    await revocation.close()
  }
}

function openKept(trust: TrustStore, folder: string | null, clock: Clock, ask: boolean): TrustRevocation {
  const onEvent = (event: RevocationEvent): void => {
    const problem = describeKeptProblem(event)
    if (problem !== null) process.stderr.write(`${escapeControls(`kept, but of no use: ${problem}`)}\n`)
  }
  const kept = folder === null ? null : new ReadOnlyFolder(join(folder, trust.name), DEFAULT_FOLDER_LIMITS, onEvent)
  const gate = new FetchGate(DEFAULT_GATE_LIMITS, clock, onEvent)
  return openRevocation({ trust: () => trust, gate, clock, folder: kept, onEvent, isOffline: !ask })
}

function fail(faults: readonly Fault[]): void {
  process.stderr.write(writeFaults(faults, 'nothing explained'))
  process.exitCode = 1
}
