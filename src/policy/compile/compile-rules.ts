import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import { carriesMetadata, type Operation } from '../../model/operation.ts'
import type { CompiledEffect, CompiledRule, CompiledScopes } from '../compiled-policy.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { meaningOfMember } from '../analyse/meaning.ts'
import { noteForeignScopes } from './note-foreign-scopes.ts'
import { celTypeOf, type MemberType } from '../member-type.ts'
import type { EffectContent } from '../schema/effect-schema.ts'
import type { RuleContent } from '../schema/rule-schema.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'
import { compileRenames } from './compile-renames.ts'
import { faultAt, lastOf, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'
import { undeclaredMember } from './undeclared-member.ts'

export const DEFAULT_ON: readonly Operation[] = ['create', 'update']
export const OPTIONAL_STRING = ['string', 'optional<string>']

/** Null after a fault, which the compiler has noted. */
export function compileRule(
  { source, path, value }: Sourced<RuleContent>,
  compiler: ExpressionCompiler,
  classes: readonly string[],
  faults: Fault[],
): CompiledRule | null {
  const part = <Key extends 'when' | 'require' | 'wanted' | 'found'>(key: Key): Sourced<RuleContent[Key]> => ({
    source,
    path: [...path, key],
    value: value[key],
  })
  const when = compiler.optional(part('when'), ['bool'])
  const require = compiler.compile(part('require'), ['bool'])
  const wanted = compiler.optional(part('wanted'), [])
  const found = compiler.optional(part('found'), [])
  const operations = value.on ?? DEFAULT_ON
  if (!operations.some(carriesMetadata)) {
    for (const [key, expression] of Object.entries({ when, require, wanted, found }))
      if (expression !== null) faults.push(...foreignFacts(source, [...path, key], expression))
  }
  for (const [index, name] of (value.certificate ?? []).entries())
    if (!classes.includes(name)) faults.push(undeclaredClass(source, [...path, 'certificate', index], name, classes))
  if (require === null) return null
  return {
    id: value.id,
    title: value.title,
    message: value.message,
    when,
    require,
    wanted,
    found,
    clause: value.clause ?? null,
    on: new Set(operations),
    certificate: value.certificate === undefined ? null : new Set(value.certificate),
    at: value.at ?? 'request',
    error: value.error ?? null,
    description: value.description ?? null,
    status: value.status ?? null,
    enforced: value.mode !== 'report',
    from: value.from === undefined ? null : new Date(`${value.from}T00:00:00.000Z`),
    until: value.until === undefined ? null : new Date(`${value.until}T23:59:59.999Z`),
    declaredBy: source.content.name,
  }
}

function undeclaredClass(
  source: PolicyFile,
  path: readonly (string | number)[],
  name: string,
  classes: readonly string[],
): Fault {
  const near = nearestName(name, classes)
  const fault = faultAt(source, path, `a class of certificateClasses: ${classes.join(', ') || 'there are none'}`, name)
  return withNearest(fault, near)
}

/** Neither metadata nor a statement comes with a read or a delete, and nothing is looked up for one: such a rule would refuse everybody, or nobody. */
export function foreignFacts(
  source: PolicyFile,
  path: readonly (string | number)[],
  { metadataNamed, claimsNamed, lookupsNamed }: CompiledExpression,
): readonly Fault[] {
  const wanted = 'facts that a read or a delete has (certificate, request, parameters, now)'
  const named = [
    ...[...metadataNamed].map((name) => `the member ${name}`),
    ...[...claimsNamed].map((name) => `the claim ${name}`),
    ...[...lookupsNamed].map((name) => `the look-up ${name}`),
  ]
  return named.slice(0, 1).map((found) => faultAt(source, path, wanted, found))
}

export function compileEffect(
  { source, path, value }: Sourced<EffectContent>,
  compiler: ExpressionCompiler,
  members: ReadonlyMap<string, MemberType>,
  faults: Fault[],
): CompiledEffect {
  const compileAll = (key: 'default' | 'set'): ReadonlyMap<string, CompiledExpression> => {
    const compiled = new Map<string, CompiledExpression>()
    for (const [name, text] of Object.entries(value[key] ?? {})) {
      const type = members.get(name)
      const place = [...path, key, name]
      if (type === undefined) {
        faults.push(undeclaredMember(source, place, name, members))
        continue
      }
      const wanted = type.kind === 'dyn' ? [] : [celTypeOf(type), `optional<${celTypeOf(type)}>`]
      const expression = compiler.compile({ source, path: place, value: text }, wanted, meaningOfMember(type))
      if (expression !== null) compiled.set(name, expression)
    }
    return compiled
  }
  for (const [index, name] of (value.remove ?? []).entries())
    if (!members.has(name)) faults.push(undeclaredMember(source, [...path, 'remove', index], name, members))
  return {
    on: new Set(value.on ?? DEFAULT_ON),
    when: compiler.optional({ source, path: [...path, 'when'], value: value.when }, ['bool']),
    renames: compileRenames({ source, path: [...path, 'rename'], value: value.rename ?? {} }, members, faults),
    defaults: compileAll('default'),
    sets: compileAll('set'),
    removes: value.remove ?? [],
  }
}

export function compileScopes(
  resolved: ResolvedPolicy,
  compiler: ExpressionCompiler,
  members: ReadonlyMap<string, MemberType>,
  faults: Fault[],
): CompiledScopes | null {
  const sourced = lastOf(resolved.chain, 'scopes')
  if (sourced === null) return null
  const { source, path, value } = sourced
  // Without it a request for few scopes would not be seen, and be given all.
  const scope = members.get('scope')
  if (scope?.kind !== 'string' && scope?.kind !== 'words')
    faults.push(
      faultAt(
        source,
        path,
        'scope: string or words(...) among members',
        scope === undefined ? 'no scope' : 'another type',
      ),
    )
  const grantedBy = compiler.optional({ source, path: [...path, 'grantedBy'], value: value.grantedBy }, [
    'list<string>',
  ])
  if (source === resolved.own) noteForeignScopes(sourced, scope, grantedBy?.meaning, faults)
  return {
    id: value.id,
    clause: value.clause ?? null,
    always: value.always ?? [],
    grantedBy,
    roles: new Map(Object.entries(value.roles)),
    prefixes: compiler.optional({ source, path: [...path, 'prefixes'], value: value.prefixes }, ['bool']),
    restrict: compiler.optional({ source, path: [...path, 'restrict'], value: value.restrict }, ['bool']),
    declaredBy: source.content.name,
  }
}

export function compileHeaders(
  resolved: ResolvedPolicy,
  compiler: ExpressionCompiler,
): ReadonlyMap<string, CompiledExpression> {
  const headers = new Map<string, CompiledExpression>()
  for (const [name, sourced] of mergedEntries(resolved.chain, ['headers'], (content) => content.headers)) {
    const expression = compiler.compile(sourced, OPTIONAL_STRING)
    if (expression !== null) headers.set(name, expression)
  }
  return headers
}
