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
  const { valid, type: found } = withOwner(environment, owner).check(`owner[${JSON.stringify(field)}]`)
  return valid ? (found ?? 'dyn') : null
}

const owners = new WeakMap<Environment, Map<string, Environment>>()

/** The environment with a variable of the type; cloning is what costs. */
function withOwner(environment: Environment, type: string): Environment {
  const known = owners.get(environment) ?? new Map<string, Environment>()
  owners.set(environment, known)
  const extended = known.get(type) ?? environment.clone().registerVariable('owner', type)
  known.set(type, extended)
  return extended
}
