import { isJsonObject, type Json } from '../model/json.ts'
import type { ErrorForm, ShownError, ShownFinding } from '../model/policy.ts'
import type { CompiledErrorAnswer } from './compiled-policy.ts'
import type { CompiledExpression } from './expression/compile-expression.ts'
import { make } from './expression/fact-values.ts'
import { describeFailure } from './judge/describe-failure.ts'
import { toJson } from './judge/read-result.ts'

/** A regime's form says what the form of the RFC says, or less: a page of it is far too much. */
const BODY_LIMIT_CHARACTERS = 65_536
/** Of a request with many faults, the first ones: an expression may say each of them several times. */
const FINDINGS_LIMIT = 100

/** The form in which a policy writes errors. */
export function createErrorForm({ contentType, body }: CompiledErrorAnswer): ErrorForm {
  return {
    contentType,
    write: (shown) => {
      const result = evaluate(body, shown)
      if (!isJsonObject(result)) throw new TypeError('the body of an error is no map')
      if (JSON.stringify(result).length > BODY_LIMIT_CHARACTERS)
        throw new RangeError(`the body of an error has more than ${BODY_LIMIT_CHARACTERS} characters`)
      return result
    },
  }
}

/** @throws TypeError with one bounded line, since the library's message may quote a finding */
function evaluate(body: CompiledExpression, shown: ShownError): Json {
  try {
    return toJson(body.evaluate({ error: errorOf(shown), findings: findingsOf(shown) }))
  } catch (failure) {
    throw new TypeError(describeFailure(failure))
  }
}

function errorOf({ code, description, status, decisionId }: ShownError): object {
  return make.error({ code, description, status: BigInt(status), decisionId })
}

function findingsOf({ findings }: ShownError): readonly object[] {
  return findings.slice(0, FINDINGS_LIMIT).map((finding: ShownFinding) => make.finding({ ...finding }))
}
