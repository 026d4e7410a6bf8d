import { nearestName, withNearest } from '../document/nearest-name.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { findTypeMismatch, type MemberType } from './member-type.ts'
import type { ParameterContent } from './schema/parameter-schema.ts'

/** A parameter value that the policy does not allow; the caller knows in which file it stands. */
export interface ParameterProblem extends ValueProblem {
  readonly parameter: string
}

/** The same without a name. */
export interface ValueProblem {
  readonly wanted: string
  readonly found: string
  readonly hint?: string
}

/** Values for all parameters of a policy: the operator's where given, else the defaults. */
export function bindParameters(
  policy: CompiledPolicy,
  given: JsonObject,
): { values: JsonObject; problems: readonly ParameterProblem[] } {
  const problems: ParameterProblem[] = []
  const values: Record<string, Json> = {}
  for (const [name, { default: standard }] of policy.parameters) values[name] = standard
  for (const [name, value] of Object.entries(given)) {
    const declared = policy.parameters.get(name)
    const problem =
      declared === undefined
        ? unknownParameter(policy, name)
        : findParameterProblem(declared, declared.memberType, value)
    if (problem === null) values[name] = value
    else problems.push({ ...problem, parameter: name })
  }
  return { values, problems }
}

function unknownParameter(policy: CompiledPolicy, name: string): ValueProblem {
  const near = nearestName(name, [...policy.parameters.keys()])
  const wanted = `a parameter of ${policy.name}: ${[...policy.parameters.keys()].join(', ') || 'it has none'}`
  return withNearest({ wanted, found: name }, near)
}

/** Why a value cannot be given to a parameter, or null. */
export function findParameterProblem(declared: ParameterContent, type: MemberType, value: Json): ValueProblem | null {
  const problem = findTypeProblem(type, value)
  if (problem !== null) return problem
  const { oneOf } = declared
  if (oneOf === undefined) return null
  const foreign = valuesOf(value).find((one) => !oneOf.some((legal) => legal === one))
  if (foreign === undefined) return null
  const near = typeof foreign === 'string' ? nearestName(foreign, oneOf.map(String)) : null
  return withNearest({ wanted: `one of ${oneOf.join(', ')}`, found: JSON.stringify(foreign) }, near)
}

/** Vocabularies bind those who run a policy as they bind its author: a misspelt word in gateway.yaml would never be found in a request. */
export function findTypeProblem(type: MemberType, value: Json): ValueProblem | null {
  const mismatch = findTypeMismatch('', value, type)
  if (mismatch !== null) return { wanted: mismatch.wanted, found: mismatch.found }
  const one = type.kind === 'list' ? type.of : type
  if (one.kind !== 'word') return null
  const { name, words } = one.vocabulary
  const foreign = valuesOf(value).find((text) => !words.some((word) => word === text))
  if (foreign === undefined) return null
  const near = typeof foreign === 'string' ? nearestName(foreign, words.map(String)) : null
  const wanted = `words of ${name}: ${words.join(', ')}`
  return withNearest({ wanted, found: JSON.stringify(foreign) }, near)
}

function valuesOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value]
}
