import { Command, Option } from 'commander'
import { writeFaults } from '../document/write-faults.ts'
import type { Fault } from '../model/fault.ts'
import { explainJudgement } from '../policy/explain/explain-judgement.ts'
import { buildExplainedFacts, NOT_FETCHED, withoutUnfetched, type ExplainedInput } from './build-explained-facts.ts'
import { choosePolicy, type PolicyChoice } from './choose-policy.ts'
import { isGranted, judgementJson } from './judgement-json.ts'
import { paintFor } from './paint.ts'
import { collectParameter } from './parse-parameter.ts'
import { parseTime } from './parse-time.ts'
import { writeJudgement } from './write-judgement.ts'

interface Options extends PolicyChoice, ExplainedInput {
  readonly json: boolean
}

const FILES = ['request', 'certificate', 'statement', 'client']

/** `explain`: what a policy says of a request, offline. Ends with 1 unless the request would be granted. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('say of a registration request what every rule of a policy says of it, and why; asks nobody')
    .addOption(new Option('--policy <name>', 'the policy that judges').conflicts(['config', 'endpoint']))
    .option('--policies <folder>', 'folder with one folder a policy', 'policies')
    .option('-c, --config <file>', 'the settings, for the policy and the parameters of an endpoint')
    .option('--endpoint <path>', 'the endpoint; needless where there is but one')
    .option('--request <file>', 'the body as sent, JSON or a compact JWS; - for the standard input')
    .option('--certificate <file>', 'the client certificate in PEM, or its facts in YAML as cases.yaml has them')
    .option(
      '--statement <file>',
      "the software statement, a compact JWS or its claims in JSON; the request's own when left out",
    )
    .addOption(new Option('--case <name>', "a case of the policy's cases.yaml instead").conflicts(FILES))
    .addOption(
      new Option('--operation <operation>', 'create when left out').choices(['create', 'read', 'update', 'delete']),
    )
    .option('--client <id>', 'the client that a read, update or delete is about')
    .option('--parameter <name=value>', 'a parameter of the policy; for several, again', collectParameter, {})
    .option('--at <date>', 'as of this time instead of now, such as 2027-01-01', parseTime)
    .option('--json', 'print JSON', false)
    .action(explain)
}

async function explain(options: Options): Promise<void> {
  const chosen = await choosePolicy(options)
  if (!('policy' in chosen)) {
    fail(chosen)
    return
  }
  const facts = await buildExplainedFacts(chosen, options, new Date())
  if (!('operation' in facts)) {
    fail(facts)
    return
  }
  const judged = explainJudgement(chosen.policy, chosen.resolved, facts)
  // Cases are about the rules alone, and need not have what other stages demand.
  const explanation = options.case === undefined ? withoutUnfetched(judged) : { ...judged, earlier: [] }
  const unfetched = facts.failedLookups.flatMap(({ lookup, finding }) =>
    finding.detail === NOT_FETCHED ? [lookup] : [],
  )
  const notVerified = [
    ...(facts.claims === null ? [] : ['signature, issuer and times of the software statement']),
    ...(facts.signature === null ? [] : ['signature, keys, audience and times of the request']),
    ...(facts.certificate === null ? [] : ['path, dates and revocation of the certificate (trust explain)']),
    ...(unfetched.length === 0 ? [] : [`the look-ups ${unfetched.join(', ')}, and rules that need them`]),
    'the registration access token, and what is remembered of earlier requests',
  ]
  const shown = options.json
    ? `${JSON.stringify(judgementJson(explanation, notVerified), null, 2)}\n`
    : writeJudgement(explanation, notVerified, paintFor(process.stdout))
  process.stdout.write(shown)
  if (!isGranted(explanation)) process.exitCode = 1
}

function fail(faults: readonly Fault[]): void {
  process.stderr.write(writeFaults(faults, 'nothing explained'))
  process.exitCode = 1
}
