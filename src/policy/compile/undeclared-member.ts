import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { PolicyFile } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'

/** The fault of an effect that names a member which the policy does not declare, with the nearest one that it does. */
export function undeclaredMember(
  source: PolicyFile,
  path: readonly (string | number)[],
  name: string,
  members: ReadonlyMap<string, unknown>,
): Fault {
  const near = nearestName(name, [...members.keys()])
  const fault = faultAt(source, path, 'a member declared under members', name)
  return withNearest(fault, near)
}
