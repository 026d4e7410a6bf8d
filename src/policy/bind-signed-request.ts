import type { JsonObject } from '../model/json.ts'
import type { RequestKeys, SignedRequestDemand } from '../model/policy.ts'
import type { VerifiedStatement } from '../model/statement.ts'
import type { CompiledPolicy, CompiledSignedRequest } from './compiled-policy.ts'
import type { Activation, CompiledExpression } from './expression/compile-expression.ts'
import { buildStatementActivation } from './judge/build-activation.ts'
import { checkClaims } from './judge/check-members.ts'
import { openOptional } from './judge/read-result.ts'

type Activate = (statement: VerifiedStatement | null, now: Date) => Activation

/** What one endpoint demands of signed requests: the section of its policy with the endpoint's parameter values. */
export function bindSignedRequest(policy: CompiledPolicy, parameters: JsonObject): SignedRequestDemand | null {
  const { signedRequest } = policy
  if (signedRequest === null) return null
  const activate: Activate = (statement, now) => {
    const claims = statement === null ? null : checkClaims(statement.claims, policy.claims).members
    return buildStatementActivation(policy, { claims, statementIssuer: statement?.directory ?? '', parameters, now })
  }
  const { audience } = signedRequest
  return {
    ...signedRequest,
    keys: bindKeys(signedRequest.keys, parameters, activate),
    audience: audience === null ? null : (statement, now) => textsOf(attempt(audience, activate(statement, now))),
    claims: [...policy.requestClaims.keys()],
  }
}

function bindKeys(keys: CompiledSignedRequest['keys'], parameters: JsonObject, activate: Activate): RequestKeys {
  if (keys.kind === 'chain') return keys
  const { uri, hosts } = keys
  return {
    kind: 'address',
    hosts: hosts === null || !('parameter' in hosts) ? hosts : textsOf(parameters[hosts.parameter]),
    locate: (statement, now) => {
      const address = openOptional(attempt(uri, activate(statement, now)))
      return typeof address === 'string' && address !== '' ? address : null
    },
  }
}

/** An expression that fails names nothing, and nothing is where nobody's keys are and nobody's audience (fail closed). */
function attempt(expression: CompiledExpression, activation: Activation): unknown {
  try {
    return expression.evaluate(activation)
  } catch {
    return undefined
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
