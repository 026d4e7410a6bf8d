import type { CompiledPolicy } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { planLookups } from '../lookup/plan-lookups.ts'

/** Of what was left out of a record, that which the policy may look at; and the look-ups it would make that nobody made then. */
export function findUnknown(
  policy: CompiledPolicy,
  presented: PresentedFacts,
  omitted: readonly string[],
): readonly string[] {
  const known = new Set([...Object.keys(presented.lookups), ...presented.failedLookups.map(({ lookup }) => lookup)])
  const { planned } = planLookups(policy, presented)
  const lookups = planned.map(({ lookup }) => lookup.name).filter((name) => !known.has(name))
  return [...omitted.filter((path) => mayAsk(policy, path)), ...lookups.map((name) => `lookups.${name}`)]
}

function mayAsk(policy: CompiledPolicy, path: string): boolean {
  if (path.startsWith('request.headers.')) return mentions(policy, /\bheaders\b/)
  if (path.startsWith('request.claims.')) return isOf(policy.requestClaims, path.slice('request.claims.'.length))
  if (path === 'request.certificate') return mentions(policy, /\brequest\s*\.\s*\??\s*certificate\b/)
  return path.startsWith('statement.')
    ? isOf(policy.claims, path.slice('statement.'.length))
    : isOf(policy.members, path)
}

/** The path is that of something declared, or leads to a place below it. Names of claims may hold dots. */
function isOf(declared: ReadonlyMap<string, unknown>, path: string): boolean {
  if (declared.has(path)) return true
  return [...declared.keys()].some((name) => path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
}

/** Whether anything that decides names it; a message does not. */
function mentions(policy: CompiledPolicy, name: RegExp): boolean {
  const { rules, effects, variables, scopes, once } = policy
  const expressions: readonly (CompiledExpression | null)[] = [
    ...variables.values(),
    ...rules.flatMap(({ when, require }) => [when, require]),
    ...effects.flatMap(({ when, defaults, sets }) => [when, ...defaults.values(), ...sets.values()]),
    ...(scopes === null ? [] : [scopes.grantedBy, scopes.prefixes, scopes.restrict]),
    ...once.flatMap(({ when, key, until }) => [when, key, until]),
  ]
  return expressions.some((expression) => expression !== null && name.test(expression.text))
}
