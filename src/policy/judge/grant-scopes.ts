import type { Json } from '../../model/json.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledScopes } from '../compiled-policy.ts'
import { describeFailure } from './describe-failure.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { toShortText } from './read-result.ts'

export interface GrantedScopes {
  /** Value for the `scope` member; undefined when nothing was asked and nothing is granted. */
  readonly scope: string | undefined
  readonly finding: Finding | null
}

/**
 * Holds the requested scopes against those the roles grant (RFC 7591 section 2, `scope`). Scopes are compared as whole words; a request
 * without scope gets all that is granted; a request for some never gets more.
 */
export function grantScopes(
  scopes: CompiledScopes,
  activation: Activation,
  requested: Json | undefined,
): GrantedScopes {
  try {
    const granted = grantedScopes(scopes, activation)
    const asked = typeof requested === 'string' ? requested.split(' ').filter((scope) => scope !== '') : []
    const isGranted = grantTest(granted, scopes.prefixes?.evaluate(activation) === true)
    const excess = asked.filter((scope) => !isGranted(scope))
    const restricts = excess.length > 0 && scopes.restrict?.evaluate(activation) === true
    const wanted = asked.length === 0 ? [...granted] : restricts ? asked.filter(isGranted) : asked
    // Left without a scope, an identity server would grant what it grants by default: nothing at all is refused as well.
    const refused = wanted.length === 0 || (excess.length > 0 && !restricts)
    const scope = wanted.length === 0 ? undefined : [...new Set(wanted)].join(' ')
    if (!refused) return { scope, finding: null }
    return { scope, finding: excess.length > 0 ? excessFinding(scopes, excess, [...granted]) : nothingGranted(scopes) }
  } catch (failure) {
    return { scope: undefined, finding: failedFinding(scopes, failure) }
  }
}

/** Where scopes carry an id, as `AIS:1234` does, the word before the first colon is what a role grants. */
function grantTest(granted: ReadonlySet<string>, prefixes: boolean): (scope: string) => boolean {
  return (scope) => granted.has(scope) || (prefixes && granted.has(/^([^:]+):./.exec(scope)?.[1] ?? ''))
}

/** Scopes of all roles held; a role the policy does not list grants nothing. */
function grantedScopes(scopes: CompiledScopes, activation: Activation): ReadonlySet<string> {
  const roles = scopes.grantedBy?.evaluate(activation) ?? []
  if (!Array.isArray(roles)) throw new TypeError('grantedBy gives no list')
  const granted = new Set(scopes.always)
  for (const role of roles as readonly unknown[])
    for (const scope of (typeof role === 'string' ? scopes.roles.get(role) : undefined) ?? []) granted.add(scope)
  return granted
}

function nothingGranted(scopes: CompiledScopes): Finding {
  return { ...common(scopes), reason: 'rule-broken', message: 'the roles of this client grant no scope' }
}

function excessFinding(scopes: CompiledScopes, excess: readonly string[], granted: readonly string[]): Finding {
  return {
    ...common(scopes),
    reason: 'rule-broken',
    message: 'a requested scope is not granted by the roles of this client',
    wanted: toShortText(`any of: ${granted.join(' ')}`),
    found: toShortText(excess.join(' ')),
  }
}

function failedFinding(scopes: CompiledScopes, failure: unknown): Finding {
  return {
    ...common(scopes),
    reason: 'rule-failed',
    message: 'the roles of this client could not be determined',
    detail: describeFailure(failure),
  }
}

function common(scopes: CompiledScopes): { rule: string; clause?: string; at: string } {
  return { rule: scopes.id, ...(scopes.clause === null ? {} : { clause: scopes.clause }), at: 'scope' }
}
