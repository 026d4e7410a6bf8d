import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import { isFreeTypeName } from '../expression/declarations.ts'
import type { MemberType, ObjectType } from '../member-type.ts'
import { innermostName, parseMemberType, SCALARS, type KnownTypes } from '../parse-member-type.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

type Fields = Readonly<Record<string, string>>

/** Vocabularies and object types of a policy and those it extends, entry by entry; a type stands after those it names. */
export function compileTypes({ chain }: ResolvedPolicy, faults: Fault[]): KnownTypes {
  const vocabularies = new Map(
    [...mergedEntries(chain, ['vocabularies'], (content) => content.vocabularies)].map(([name, { value }]) => [
      name,
      { name, words: value },
    ]),
  )
  const written = mergedEntries(chain, ['types'], (content) => content.types)
  const objects = new Map<string, ObjectType>()
  const known: KnownTypes = { vocabularies, objects }
  for (const name of written.keys()) compileObject(name, { written, known, objects, faults }, [])
  return known
}

interface Work {
  readonly written: ReadonlyMap<string, Sourced<Fields>>
  readonly known: KnownTypes
  readonly objects: Map<string, ObjectType>
  readonly faults: Fault[]
}

/** Those it names first: the expression library wants them declared, and a circle of types would have no end. */
function compileObject(name: string, work: Work, above: readonly string[]): void {
  const { written, known, objects, faults } = work
  const entry = written.get(name)
  if (entry === undefined || objects.has(name)) return
  const { source, path, value } = entry
  if (!isFreeTypeName(name)) faults.push(faultAt(source, path, 'a name that no type of the gateway has', name))
  const fields = new Map<string, MemberType>()
  for (const [field, text] of Object.entries(value)) {
    const inner = innermostName(text)
    const place = { source, path: [...path, field], value: text }
    if (inner !== null && [...above, name].includes(inner)) {
      faults.push(faultAt(source, place.path, 'types that do not hold each other in a circle', text))
      fields.set(field, { kind: 'dyn' })
      continue
    }
    if (inner !== null) compileObject(inner, work, [...above, name])
    fields.set(field, compileMemberType(place, known, [...written.keys()], faults))
  }
  if (isFreeTypeName(name)) objects.set(name, { kind: 'object', name, fields })
}

/** The type that the text names; `dyn` after a fault, so that what has it is not reported again by every rule that uses it. */
export function compileMemberType(
  { source, path, value }: Sourced<string>,
  known: KnownTypes,
  typeNames: readonly string[],
  faults: Fault[],
): MemberType {
  const type = parseMemberType(value, known)
  if (type !== null) return type
  const inner = innermostName(value) ?? value
  // One with a name it must not have is reported where it stands.
  if (typeNames.includes(inner)) return { kind: 'dyn' }
  const names = [...SCALARS, ...known.vocabularies.keys(), ...typeNames]
  const near = nearestName(inner, names)
  const wanted = 'a type: string, bool, int, double, timestamp, dyn, or one that vocabularies or types declare'
  faults.push(withNearest(faultAt(source, path, wanted, inner), near))
  return { kind: 'dyn' }
}

export function memberTypes(
  entries: ReadonlyMap<string, Sourced<string>>,
  known: KnownTypes,
  faults: Fault[],
): ReadonlyMap<string, MemberType> {
  const typeNames = [...known.objects.keys()]
  return new Map([...entries].map(([name, entry]) => [name, compileMemberType(entry, known, typeNames, faults)]))
}
