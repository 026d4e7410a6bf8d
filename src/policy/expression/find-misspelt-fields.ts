import type { ASTNode, Environment } from '@marcbachmann/cel-js'
import { checkedTypeOf } from './checked-type.ts'
import { accessOf, UNDECLARED, visitNodes, type ExpressionProblem } from './inspect-expression.ts'

/** Types declared field by field; their names are the only ones in upper case. */
const DECLARED_TYPE = /^[A-Z]\w*$/
const OPTIONAL = /^optional<(.*)>$/

/**
 * Fields that no type declares, where the type checker takes them for absent ones: in `a.?b`, `a[?"b"]` and `has(a.b)`. A misspelt
 * name there would let a rule hold, or never apply, without a word. To be called after the type check.
 */
export function findMisspeltFields(environment: Environment, root: ASTNode): ExpressionProblem[] {
  const problems: ExpressionProblem[] = []
  visitNodes(root, (node) => {
    const access = accessOf(node)
    if (access === null || typeOfField(environment, typeOf(environment, access.of), access.field) !== null) return
    const { field, offset } = access
    problems.push({ offset, wanted: UNDECLARED, found: `No such key: ${field}`, misspelt: field })
  })
  return problems
}

/** What the type checker noted at the node; it notes nothing within `has()` but at the outermost name. */
function typeOf(environment: Environment, node: ASTNode): string {
  const checked = checkedTypeOf(node)
  if (checked !== null) return checked
  const access = accessOf(node)
  return access === null ? 'dyn' : (typeOfField(environment, typeOf(environment, access.of), access.field) ?? 'dyn')
}

/** Null when the type has declared fields and this is none of them. */
function typeOfField(environment: Environment, type: string, field: string): string | null {
  const owner = OPTIONAL.exec(type)?.[1] ?? type
  if (!DECLARED_TYPE.test(owner)) return 'dyn'
  const fields = fieldsOf(environment, owner)
  let found = fields.types.get(field)
  if (found === undefined) {
    const { valid, type: checked } = fields.environment.check(`owner[${JSON.stringify(field)}]`)
    fields.types.set(field, (found = valid ? (checked ?? 'dyn') : null))
  }
  return found
}

/** The environment with a variable of a type, and what was found of its fields: both cloning and checking cost. */
interface KnownFields {
  readonly environment: Environment
  readonly types: Map<string, string | null>
}

const owners = new WeakMap<Environment, Map<string, KnownFields>>()

function fieldsOf(environment: Environment, type: string): KnownFields {
  const known = owners.get(environment) ?? new Map<string, KnownFields>()
  owners.set(environment, known)
  const fields = known.get(type) ?? {
    environment: environment.clone().registerVariable('owner', type),
    types: new Map<string, string | null>(),
  }
  known.set(type, fields)
  return fields
}
