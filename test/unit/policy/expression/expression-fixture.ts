import type { JsonObject } from '../../../../src/model/json.ts'
import type { Compilation, CompiledExpression } from '../../../../src/policy/expression/compile-expression.ts'
import { compileExpression } from '../../../../src/policy/expression/compile-expression.ts'
import { declareNames } from '../../../../src/policy/expression/declarations.ts'
import type { ExpressionProblem } from '../../../../src/policy/expression/inspect-expression.ts'
import type { MemberType } from '../../../../src/policy/member-type.ts'
import { parseMemberType } from '../../../../src/policy/parse-member-type.ts'

const MEMBERS = typesOf({
  redirect_uris: 'list(string)',
  client_name: 'string',
  default_max_age: 'int',
  jwks: 'map(string, list(map(string, dyn)))',
})
const CLAIMS = typesOf({ org_id: 'string', roles: 'list(map(string, dyn))', anything: 'dyn', updated_at: 'timestamp' })
const REQUEST_CLAIMS = typesOf({ jti: 'string', exp: 'timestamp' })
const PARAMETERS = typesOf({ mode: 'string' })

function typesOf(types: Readonly<Record<string, string>>): ReadonlyMap<string, MemberType> {
  return new Map(Object.entries(types).map(([name, text]) => [name, memberType(text)]))
}

export function memberType(text: string): MemberType {
  const type = parseMemberType(text)
  if (type === null) throw new Error(`no type: ${text}`)
  return type
}

export function compile(text: string, wanted: readonly string[] = []): Compilation {
  return compileExpression(
    declareNames({ members: MEMBERS, claims: CLAIMS, requestClaims: REQUEST_CLAIMS, parameters: PARAMETERS })
      .environment,
    text,
    wanted,
  )
}

export function problemsOf(text: string, wanted: readonly string[] = []): readonly ExpressionProblem[] {
  const compilation = compile(text, wanted)
  return 'problems' in compilation ? compilation.problems : []
}

export function compiled(text: string): CompiledExpression {
  const compilation = compile(text)
  if ('problems' in compilation) throw new Error(compilation.problems.map(({ found }) => found).join('; '))
  return compilation.expression
}

export interface Values {
  readonly metadata?: JsonObject
  readonly statement?: JsonObject
  readonly translations?: JsonObject
}

/** What the expression gives for these values; declared names of every kind are known, those without value are absent. */
export function evaluate(text: string, { metadata = {}, statement = {}, translations = {} }: Values = {}): unknown {
  const declarations = declareNames({
    members: MEMBERS,
    claims: CLAIMS,
    requestClaims: REQUEST_CLAIMS,
    parameters: PARAMETERS,
  })
  const compilation = compileExpression(declarations.environment, text, [])
  if ('problems' in compilation) throw new Error(compilation.problems.map(({ found }) => found).join('; '))
  return compilation.expression.evaluate({
    now: new Date('2026-01-01T12:00:00Z'),
    metadata: declarations.makeMetadata(metadata),
    requested: declarations.makeMetadata({}),
    statement: declarations.makeStatement(statement),
    parameters: declarations.makeParameters({ mode: 'strict' }),
    translations,
  })
}
