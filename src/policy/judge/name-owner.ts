import { matchingKey } from '../../distinguished-name/match-distinguished-names.ts'
import type { CertificateFacts } from '../../model/client.ts'
import type { JsonObject } from '../../model/json.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import { certificateValue } from './certificate-value.ts'
import { checkMembers } from './check-members.ts'
import { describeFailure } from './describe-failure.ts'
import { openOptional } from './read-result.ts'

/** Of what is remembered of a client, and stands in its token. */
const NAME_LIMIT_CHARACTERS = 1024

/** A name, null where there is none; where there should be one, `why` says what is wrong. */
export interface GivenName {
  readonly name: string | null
  readonly why: string | null
}

/** The party that a certificate is of: what the policy says, else its subject in the form in which names compare. */
export function nameOwner(
  policy: CompiledPolicy,
  certificate: CertificateFacts,
  parameters: JsonObject,
  now: Date,
): GivenName {
  const { owner } = policy.client
  if (owner === null) return boundedName(matchingKey(certificate.subject))
  return demandName(owner, {
    certificate: certificateValue(certificate),
    parameters: policy.declarations.makeParameters(parameters),
    now,
  })
}

/** The same by what the identity server has of a client; members that do not have their declared type are none. */
export function nameRegisteredOwner(
  policy: CompiledPolicy,
  expression: CompiledExpression,
  registered: JsonObject,
  parameters: JsonObject,
  now: Date,
): GivenName {
  const { members } = checkMembers(registered, policy.members, false)
  const { makeMetadata, makeParameters } = policy.declarations
  return demandName(expression, { registered: makeMetadata(members), parameters: makeParameters(parameters), now })
}

/** The text that an expression gives, and none but a good one. */
function demandName(expression: CompiledExpression, activation: Activation): GivenName {
  const given = readName(expression, activation)
  return given.name === null && given.why === null ? { name: null, why: 'the expression gives none' } : given
}

/** The same where an optional without value, or empty text, says on purpose that there is none. */
export function readName(expression: CompiledExpression, activation: Activation): GivenName {
  try {
    const name = openOptional(expression.evaluate(activation)) ?? ''
    if (typeof name !== 'string') return { name: null, why: 'the expression gives no text' }
    return name === '' ? { name: null, why: null } : boundedName(name)
  } catch (failure) {
    return { name: null, why: describeFailure(failure) }
  }
}

/** Never cut: what two parties have in common at the beginning would make them one. */
function boundedName(name: string): GivenName {
  if (name === '') return { name: null, why: 'the subject is empty' }
  return name.length <= NAME_LIMIT_CHARACTERS
    ? { name, why: null }
    : { name: null, why: `it has more than ${NAME_LIMIT_CHARACTERS} characters` }
}
