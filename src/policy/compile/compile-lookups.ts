import type { Fault } from '../../model/fault.ts'
import type { CompiledLookup } from '../compiled-policy.ts'
import { parseLookupType, type LookupType } from '../lookup/lookup-type.ts'
import type { KnownTypes } from '../parse-member-type.ts'
import type { LookupContent } from '../schema/lookups-schema.ts'
import { OPTIONAL_STRING } from './compile-rules.ts'
import { compileMemberType } from './compile-types.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

/** What one registration may make the gateway fetch. */
const LOOKUPS_LIMIT = 8

function lookupsOf({ chain }: ResolvedPolicy): ReadonlyMap<string, Sourced<LookupContent>> {
  return mergedEntries(chain, ['lookups'], (content) => content.lookups)
}

/** Types of all look-ups. */
export function lookupTypes(
  resolved: ResolvedPolicy,
  known: KnownTypes,
  faults: Fault[],
): ReadonlyMap<string, LookupType> {
  const typeNames = [...known.objects.keys()]
  return new Map<string, LookupType>(
    [...lookupsOf(resolved)].map(([name, { source, path, value }]) => {
      if (value.type === 'jwks') return [name, 'jwks'] as const
      const place = { source, path: [...path, 'type'], value: value.type }
      return [name, compileMemberType(place, known, typeNames, faults)] as const
    }),
  )
}

/** The look-ups that expressions name; a policy that declares one which nothing names has a fault, since it would never be made. */
export function compileLookups(
  resolved: ResolvedPolicy,
  compiler: ExpressionCompiler,
  known: KnownTypes,
  named: ReadonlySet<string>,
  { faults, before }: { readonly faults: Fault[]; readonly before: number },
): readonly CompiledLookup[] {
  const compiled: CompiledLookup[] = []
  // An expression with a fault of its own may be the one that names it.
  const isKnown = faults.length === before
  for (const [name, sourced] of lookupsOf(resolved)) {
    const lookup = compileLookup(name, sourced, compiler, known)
    if (named.has(name) && lookup !== null) compiled.push(lookup)
    else if (isKnown && !named.has(name) && sourced.source === resolved.own) faults.push(unnamed(name, sourced))
  }
  const [last] = [...lookupsOf(resolved).values()].slice(-1)
  if (compiled.length > LOOKUPS_LIMIT && last !== undefined)
    faults.push(faultAt(last.source, last.path, `at most ${LOOKUPS_LIMIT} look-ups`, String(compiled.length)))
  return compiled
}

function compileLookup(
  name: string,
  { source, path, value }: Sourced<LookupContent>,
  compiler: ExpressionCompiler,
  known: KnownTypes,
): CompiledLookup | null {
  const url = compiler.compile({ source, path: [...path, 'url'], value: value.url }, OPTIONAL_STRING)
  const type = parseLookupType(value.type, known)
  if (url === null || type === null) return null
  return {
    ...{ name, url, type },
    hosts: value.hosts === 'any' ? null : value.hosts,
    refuses: value.onFailure !== 'absent',
    at: value.at ?? 'request',
    clause: value.clause ?? null,
    error: value.error ?? null,
  }
}

function unnamed(name: string, { source, path }: Sourced<LookupContent>): Fault {
  const wanted = `an expression that names lookups.${name}`
  return { ...faultAt(source, path, wanted, 'none'), hint: 'a look-up that nothing names is never made; take it out' }
}
