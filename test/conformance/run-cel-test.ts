import { Type_PrimitiveType, Type_WellKnownType, type Type } from '@bufbuild/cel-spec/cel/expr/checked_pb.js'
import type { SimpleTest } from '@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js'
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js'
import type { Environment } from '@marcbachmann/cel-js'
import { compileExpression } from '../../src/policy/expression/compile-expression.ts'
import { declareNames } from '../../src/policy/expression/declarations.ts'
import { Duration } from '../../src/policy/expression/evaluate/duration.ts'
import { areEqual } from '../../src/policy/expression/evaluate/equality.ts'
import { TypeName } from '../../src/policy/expression/evaluate/typed-values.ts'

/** What became of a conformance test: `as it should`, or what it gave instead. */
export type CelOutcome =
  'as it should' | `gives ${string}` | `load error: ${string}` | `fails: ${string}` | 'no value of ours'

/** Something that our values cannot be. */
class NoValueOfOurs extends Error {}

/** Compiles the expression as one of a policy file is, and runs it. */
export function runCelTest(test: SimpleTest): CelOutcome {
  try {
    const environment = environmentOf(test)
    const bound = Object.entries(test.bindings).map(([name, { kind }]) => {
      if (kind.case !== 'value') throw new NoValueOfOurs('unknowns')
      return [name, valueOf(kind.value.kind)] as const
    })
    const activation = Object.fromEntries(bound)
    return outcomeOf(test, environment, activation)
  } catch (failure) {
    if (failure instanceof NoValueOfOurs) return 'no value of ours'
    throw failure
  }
}

function environmentOf({ typeEnv, bindings }: SimpleTest): Environment {
  const none = new Map<string, never>()
  const { environment } = declareNames({ members: none, claims: none, requestClaims: none, parameters: none })
  const declared = new Map(
    typeEnv.map(({ name, declKind }) => [name, declKind.case === 'ident' ? typeName(declKind.value.type) : null]),
  )
  for (const name of Object.keys(bindings)) if (!declared.has(name)) declared.set(name, 'dyn')
  for (const [name, type] of declared) {
    if (type === null) throw new NoValueOfOurs('a function of the test alone')
    environment.registerVariable(name, type)
  }
  return environment
}

function outcomeOf(
  test: SimpleTest,
  environment: Environment,
  activation: Readonly<Record<string, unknown>>,
): CelOutcome {
  const { expr, resultMatcher } = test
  const isErrorWanted = resultMatcher.case === 'evalError' || resultMatcher.case === 'anyEvalErrors'
  const compilation = compileExpression(environment, expr, [])
  if ('problems' in compilation)
    return isErrorWanted ? 'as it should' : `load error: ${compilation.problems.map(({ found }) => found).join('; ')}`
  if (test.checkOnly) return 'as it should'
  let result: unknown
  try {
    result = compilation.expression.evaluate(activation)
  } catch (failure) {
    return isErrorWanted ? 'as it should' : `fails: ${failure instanceof Error ? failure.message : ''}`
  }
  if (!isErrorWanted && isSame(result, wantedOf(test))) return 'as it should'
  return `gives ${show(result)}`
}

function show(result: unknown): string {
  return JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

function wantedOf({ resultMatcher }: SimpleTest): unknown {
  // A test that wants nothing wants true.
  if (resultMatcher.case === undefined) return true
  if (resultMatcher.case === 'value') return valueOf(resultMatcher.value.kind)
  if (resultMatcher.case === 'typedResult') return valueOf(resultMatcher.value.result?.kind ?? { case: undefined })
  throw new NoValueOfOurs('unknowns')
}

/** Equal, and of the same type: 1 is not 1.0, while NaN is what it is. */
function isSame(result: unknown, wanted: unknown): boolean {
  if (typeof result !== typeof wanted) return false
  return Object.is(result, wanted) || areEqual(result, wanted)
}

function valueOf(kind: Value['kind']): unknown {
  switch (kind.case) {
    case 'nullValue':
      return null
    case 'listValue':
      return kind.value.values.map((item) => valueOf(item.kind))
    case 'mapValue':
      return mapOf(kind.value.entries.map(({ key, value }) => [keyOf(key), keyOf(value)] as const))
    case 'typeValue':
      return new TypeName(kind.value === 'null_type' ? 'null' : kind.value)
    case 'objectValue':
      return wellKnown(kind.value.typeUrl, kind.value.value)
    case 'boolValue':
    case 'int64Value':
    case 'doubleValue':
    case 'stringValue':
      return kind.value
    default:
      throw new NoValueOfOurs(kind.case)
  }
}

function keyOf(value: Value | undefined): unknown {
  return valueOf(value?.kind ?? { case: undefined })
}

function mapOf(entries: readonly (readonly [unknown, unknown])[]): unknown {
  return entries.every(([key]) => typeof key === 'string')
    ? Object.fromEntries(entries as [string, unknown][])
    : new Map(entries)
}

function wellKnown(typeUrl: string, bytes: Uint8Array): unknown {
  const [, seconds, nanoseconds] = readVarints(bytes)
  if (typeUrl.endsWith('/google.protobuf.Duration'))
    return new Duration((seconds ?? 0n) * 1_000_000_000n + (nanoseconds ?? 0n))
  if (typeUrl.endsWith('/google.protobuf.Timestamp'))
    return new Date(Number(seconds ?? 0n) * 1000 + Math.floor(Number(nanoseconds ?? 0n) / 1e6))
  throw new NoValueOfOurs(typeUrl)
}

/** The fields of a message that has integers only, by their number. */
function readVarints(bytes: Uint8Array): readonly (bigint | undefined)[] {
  const fields: bigint[] = []
  let at = 0
  const next = (): bigint => {
    let result = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0
      result |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, result)
    }
  }
  while (at < bytes.length) fields[Number(next() >> 3n)] = next()
  return fields
}

const PRIMITIVES: Readonly<Partial<Record<Type_PrimitiveType, string>>> = {
  [Type_PrimitiveType.BOOL]: 'bool',
  [Type_PrimitiveType.INT64]: 'int',
  [Type_PrimitiveType.DOUBLE]: 'double',
  [Type_PrimitiveType.STRING]: 'string',
}
const WELL_KNOWN: Readonly<Partial<Record<Type_WellKnownType, string>>> = {
  [Type_WellKnownType.TIMESTAMP]: 'google.protobuf.Timestamp',
  [Type_WellKnownType.DURATION]: 'google.protobuf.Duration',
}

const MESSAGES: ReadonlySet<string> = new Set(Object.values(WELL_KNOWN))

function typeName(type: Type | undefined): string {
  const { typeKind } = type ?? { typeKind: { case: undefined } }
  switch (typeKind.case) {
    case 'dyn':
      return 'dyn'
    case 'primitive':
      return PRIMITIVES[typeKind.value] ?? unknownType(typeKind.case)
    case 'wellKnown':
      return WELL_KNOWN[typeKind.value] ?? unknownType(typeKind.case)
    case 'null':
      return 'null'
    case 'messageType':
      return MESSAGES.has(typeKind.value) ? typeKind.value : unknownType(typeKind.value)
    case 'listType':
      return `list<${typeName(typeKind.value.elemType)}>`
    case 'mapType':
      return `map<${typeName(typeKind.value.keyType)}, ${typeName(typeKind.value.valueType)}>`
    default:
      return unknownType(String(typeKind.case))
  }
}

function unknownType(kind: string): never {
  throw new NoValueOfOurs(kind)
}
