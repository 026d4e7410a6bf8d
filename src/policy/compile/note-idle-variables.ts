import type { Fault } from '../../model/fault.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PolicyFile } from './policy-file.ts'
import { faultAt, type KnownPolicies, type ResolvedPolicy } from './resolve-inheritance.ts'

/** A policy without faults so far, and what it was compiled from. */
export interface LoadedPolicy {
  readonly policy: CompiledPolicy
  readonly resolved: ResolvedPolicy
}

/**
 * Notes variables that nothing names: neither the policy that declares them nor any beside it that extends that one. What an heir no longer
 * needs, since it overrides the rules that did, is no fault: its base needs it. Of a policy that has faults already it is not known what it names.
 * Gives the files that have any.
 */
export function noteIdleVariables(
  loaded: ReadonlyMap<string, LoadedPolicy>,
  { files, names }: KnownPolicies,
  faults: Fault[],
): ReadonlySet<PolicyFile> {
  const idleIn = new Set<PolicyFile>()
  const unknown = names.filter((name) => !loaded.has(name))
  for (const [name, { policy, resolved }] of loaded) {
    const { own } = resolved
    if (own.content.variables === undefined || unknown.some((other) => mayExtend(other, name, files))) continue
    const heirs = [...loaded.values()].filter((heir) => heir.resolved.chain.includes(own))
    const isIdle = (variable: string): boolean => !heirs.some((heir) => isNamed(variable, own, heir))
    const idle = Object.keys(own.content.variables).filter(isIdle)
    faults.push(...idle.map((variable) => idleVariable(own, variable, policy)))
    if (idle.length > 0) idleIn.add(own)
  }
  return idleIn
}

/** An heir may have declared it anew: what is named there is another one. */
function isNamed(variable: string, own: PolicyFile, { policy, resolved: { chain } }: LoadedPolicy): boolean {
  const declaring = chain.findLast(({ content }) => Object.hasOwn(content.variables ?? {}, variable))
  return declaring === own && policy.variablesNamed.has(variable)
}

/** A file that cannot be read might extend anything. */
function mayExtend(name: string, base: string, files: KnownPolicies['files'], below: readonly string[] = []): boolean {
  const file = files.get(name)
  if (file === undefined || name === base) return true
  if (below.includes(name)) return false
  return (file.content.extends ?? []).some((one) => mayExtend(one, base, files, [...below, name]))
}

function idleVariable(source: PolicyFile, variable: string, { variables }: CompiledPolicy): Fault {
  const isNamedByOthers = [...variables.values()].some(({ variablesNamed }) => variablesNamed.has(variable))
  const found = isNamedByOthers ? 'none but variables that nothing names' : 'none'
  const wanted = `an expression that names variables.${variable}, here or in a policy beside this one that extends it`
  const hint = 'a variable that nothing names is never evaluated; take it out'
  return { ...faultAt(source, ['variables', variable], wanted, found), hint }
}
