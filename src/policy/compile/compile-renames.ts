import type { Fault } from '../../model/fault.ts'
import type { CompiledEffect } from '../compiled-policy.ts'
import { writeMemberType, type MemberType } from '../member-type.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'
import { undeclaredMember } from './undeclared-member.ts'

/** Both names are declared, with one type, and no new name is given twice: whatever was sent, one order gives what any order gives. */
export function compileRenames(
  { source, path, value }: Sourced<Readonly<Record<string, string>>>,
  members: ReadonlyMap<string, MemberType>,
  faults: Fault[],
): CompiledEffect['renames'] {
  const renames = Object.entries(value)
  for (const [from, to] of renames) {
    const at = [...path, from]
    const [old, renamed] = [members.get(from), members.get(to)]
    const types = [old, renamed].map((type) => (type === undefined ? '' : writeMemberType(type)))
    if (old === undefined) faults.push(undeclaredMember(source, at, from, members))
    else if (renamed === undefined) faults.push(undeclaredMember(source, at, to, members))
    else if (types[0] !== types[1])
      faults.push(
        faultAt(source, at, `a member of the same type, ${types[0] ?? ''}`, `${to}, which is ${types[1] ?? ''}`),
      )
    if (Object.hasOwn(value, to)) faults.push(faultAt(source, at, 'a name that is not renamed itself', to))
    else if (renames.find(([, other]) => other === to)?.[0] !== from)
      faults.push(faultAt(source, at, 'a new name for one member only', to))
  }
  return new Map(renames)
}
