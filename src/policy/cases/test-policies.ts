import { join } from 'node:path'
import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { loadPolicies } from '../load-policies.ts'
import { checkCases } from './check-cases.ts'
import { loadCases, type LoadedCases } from './load-cases.ts'
import { runCases, type CasesReport } from './run-cases.ts'

/** A policy with what became of its cases. */
export interface TestedPolicy {
  readonly policy: CompiledPolicy
  readonly cases: LoadedCases
  readonly report: CasesReport
}

export interface PoliciesTested {
  readonly tested: readonly TestedPolicy[]
  /** Of policies and of their cases: what has one was not tested. */
  readonly faults: readonly Fault[]
}

/** Runs the cases of every policy in a folder, or of the one that is named. */
export async function testPolicies(folder: string, only?: string): Promise<PoliciesTested> {
  const { policies, names, faults } = await loadPolicies(folder)
  const problems = [...faults]
  const tested: TestedPolicy[] = []
  if (only !== undefined && names.length > 0 && !names.includes(only)) problems.push(unknownPolicy(folder, only, names))
  for (const name of names.filter((one) => one === (only ?? one))) {
    // Also beside a faulty policy: whoever writes both wants to mend both at once.
    const { loaded, faults: caseFaults } = await loadCases(join(folder, name))
    const policy = policies.get(name)
    problems.push(...caseFaults)
    if (loaded === null || policy === undefined) continue
    const misnamed = checkCases(policy, loaded)
    problems.push(...misnamed)
    if (misnamed.length === 0) tested.push({ policy, cases: loaded, report: runCases(policy, loaded.cases) })
  }
  return { tested, faults: problems }
}

function unknownPolicy(folder: string, name: string, names: readonly string[]): Fault {
  const near = nearestName(name, names)
  const fault = { file: folder, line: 0, column: 0, path: '', wanted: `a policy: ${names.join(', ')}`, found: name }
  return withNearest(fault, near)
}
