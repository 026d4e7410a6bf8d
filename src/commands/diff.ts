import { basename, dirname, join, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { writeFaults } from '../document/write-faults.ts'
import type { Fault } from '../model/fault.ts'
import { areSame, comparePolicies } from '../policy/describe/compare-policies.ts'
import { describePolicy, type DescribedPolicy } from '../policy/describe/describe-policy.ts'
import { loadPolicies, type LoadedPolicies } from '../policy/load-policies.ts'
import { argumentFault } from './choose-policy.ts'
import { paintFor } from './paint.ts'
import { differencesJson, writeDifferences, type ComparedPolicies } from './write-differences.ts'

interface Options {
  readonly policy?: string
  readonly json: boolean
}

/** `diff`: what a new edition of policies changes. Ends as diff(1) does: 0 for none, 1 for some differences, 2 for trouble. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('compare two editions of policies, inheritance resolved: rules added, removed, changed, and all else')
    .argument('<old>', 'folder with one folder a policy, or the folder of one policy')
    .argument('<new>', 'the same of the other edition')
    .option('--policy <name>', 'compare this policy alone')
    .option('--json', 'print JSON', false)
    .action(diff)
}

async function diff(old: string, now: string, { policy, json }: Options): Promise<void> {
  const [before, after] = [await readEdition(old, policy), await readEdition(now, policy)]
  const faults = [...before.faults, ...after.faults]
  if (faults.length > 0) {
    process.stderr.write(writeFaults(faults, 'nothing compared'))
    process.exitCode = 2
    return
  }
  const compared = pair(before, after).map(([name, from, to]): ComparedPolicies => ({
    ...{ name, old: from, new: to, differences: comparePolicies(from, to) },
  }))
  const paint = paintFor(process.stdout)
  process.stdout.write(
    json
      ? `${JSON.stringify(compared.map(differencesJson), null, 2)}\n`
      : compared.map((one) => writeDifferences(one, paint)).join('\n'),
  )
  if (!compared.every(({ differences }) => areSame(differences))) process.exitCode = 1
}

interface Edition {
  readonly policies: ReadonlyMap<string, DescribedPolicy>
  /** Whether the folder of one policy was named, which may be called otherwise in the other edition. */
  readonly isSingle: boolean
  readonly faults: readonly Fault[]
}

async function readEdition(path: string, asked: string | undefined): Promise<Edition> {
  const isSingle = await stat(join(path, 'policy.yaml')).then(
    () => true,
    () => false,
  )
  const loaded = await loadPolicies(isSingle ? dirname(resolve(path)) : path)
  const only = isSingle ? basename(resolve(path)) : asked
  const policies = [...loaded.resolved].filter(([name]) => only === undefined || name === only)
  const described = policies.map(([name, resolved]) => [name, describePolicy(resolved)] as const)
  return { policies: new Map(described), isSingle, faults: faultsOf(loaded, only, path) }
}

/** Faults of policies that nobody asked about do not matter. */
function faultsOf(
  { policies, names, faults }: LoadedPolicies,
  only: string | undefined,
  path: string,
): readonly Fault[] {
  if (only === undefined) return faults
  if (policies.has(only)) return []
  return names.length === 0 || names.includes(only)
    ? faults
    : [argumentFault('--policy', `a policy of ${path}: ${names.join(', ')}`, only)]
}

type Pair = readonly [name: string, old: DescribedPolicy | null, now: DescribedPolicy | null]

function pair(before: Edition, after: Edition): readonly Pair[] {
  const [[first], [second]] = [[...before.policies], [...after.policies]]
  if (before.isSingle && after.isSingle && first !== undefined && second !== undefined)
    return [[first[0] === second[0] ? first[0] : `${first[0]} and ${second[0]}`, first[1], second[1]]]
  const names = [...new Set([...before.policies.keys(), ...after.policies.keys()])].sort()
  return names.map((name) => [name, before.policies.get(name) ?? null, after.policies.get(name) ?? null])
}
