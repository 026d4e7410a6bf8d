import { Command, Option } from 'commander'
import { writeFaults } from '../document/write-faults.ts'
import { describePolicy } from '../policy/describe/describe-policy.ts'
import { chooseByName } from './choose-policy.ts'
import { paintFor } from './paint.ts'
import { policyJson } from './policy-json.ts'
import { writePolicy } from './write-policy.ts'
import { writePolicyMarkdown } from './write-policy-markdown.ts'

interface Options {
  readonly policies: string
  readonly json: boolean
  readonly markdown: boolean
}

/** `show`: a policy as it is once everything it extends is laid under it. */
export function showCommand(): Command {
  return new Command('show')
    .description('print a policy with its inheritance resolved: rules, parameters, scopes, effects and who says each')
    .argument('<policy>', 'its name')
    .option('--policies <folder>', 'folder with one folder a policy', 'policies')
    .option('--json', 'print JSON', false)
    .addOption(
      new Option('--markdown', 'print a document with tables, to be signed off').default(false).conflicts('json'),
    )
    .action(show)
}

async function show(name: string, { policies, json, markdown }: Options): Promise<void> {
  const chosen = await chooseByName(policies, name, {})
  if (!('policy' in chosen)) {
    process.stderr.write(writeFaults(chosen, 'nothing shown'))
    process.exitCode = 1
    return
  }
  const described = describePolicy(chosen.resolved)
  if (json) process.stdout.write(`${JSON.stringify(policyJson(described), null, 2)}\n`)
  else
    process.stdout.write(markdown ? writePolicyMarkdown(described) : writePolicy(described, paintFor(process.stdout)))
}
