import type { ASTNode } from '@marcbachmann/cel-js'
import { hideSecrets } from '../../json/replace-secrets.ts'
import type { Json } from '../../model/json.ts'
import { PRIVATE_KEY_MEMBERS } from '../../model/private-key-members.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { compileExpression, type Activation, type CompiledExpression } from '../expression/compile-expression.ts'
import { declareVariables } from '../expression/declarations.ts'
import { accessOf, visitNodes } from '../expression/inspect-expression.ts'
import { describeFailure } from '../judge/describe-failure.ts'
import { openOptional, toReadableJson, writeShort } from '../judge/read-result.ts'

/** Something an expression names, with what stood there. */
export interface NamedValue {
  /** As an author writes it: `metadata.redirect_uris`, `certificate.subject.oid["1.2"]`. */
  readonly name: string
  /** Short text; null where there was nothing. */
  readonly value: string | null
}

type ValueReader = (
  expressions: readonly (CompiledExpression | null)[],
  activation: Activation,
) => readonly NamedValue[]

/** Reads what expressions of a policy name from the values one judgement gave them; each name once, in the order of the text. */
export function createValueReader(policy: CompiledPolicy): ValueReader {
  const types = new Map([...policy.variables].map(([name, { type }]) => [name, type]))
  const environment = declareVariables(policy.declarations.environment, types)
  const roots = new Set(environment.getDefinitions().variables.map(({ name }) => name))
  const pathsOf = remember((text: string) => pathsNamed(environment.parse(text).ast, roots))
  const compile = remember((text: string) => {
    const compilation = compileExpression(environment, text, [])
    return 'expression' in compilation ? compilation.expression : null
  })
  return (expressions, activation) => {
    const paths = expressions.flatMap((one) => (one === null ? [] : pathsOf(one.text)))
    const byName = new Map(paths.map((path) => [writePath(path), path]))
    return [...byName].flatMap(([name, path]) => {
      const expression = compile(writeOptionalPath(path))
      return expression === null ? [] : (readValue(expression, activation, name, path) ?? [])
    })
  }
}

/** Rules name the same few things over and over. */
function remember<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, { readonly value: T }>()
  return (text) => {
    const known = made.get(text) ?? { value: make(text) }
    made.set(text, known)
    return known.value
  }
}

/** From the root inwards: `metadata`, `redirect_uris`. */
type AccessPath = readonly [root: string, ...fields: string[]]

/** The longest path of every chain of fields that begins with a declared name. */
function pathsNamed(root: ASTNode, roots: ReadonlySet<string>): readonly AccessPath[] {
  const paths: AccessPath[] = []
  const inner = new Set<ASTNode>()
  visitNodes(root, (node) => {
    if (inner.has(node)) return
    const path = pathOf(node, inner)
    if (path !== null && roots.has(path[0])) paths.push(path)
  })
  return paths
}

function pathOf(node: ASTNode, inner: Set<ASTNode>): AccessPath | null {
  if (node.op === 'id') return [node.args]
  const access = accessOf(node)
  if (access === null) return null
  const before = pathOf(access.of, inner)
  if (before === null) return null
  inner.add(access.of)
  return [...before, access.field]
}

const PLAIN = /^[A-Za-z_]\w*$/

function writePath([root, ...fields]: AccessPath): string {
  return root + fields.map((field) => (PLAIN.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`)).join('')
}

/** Every field is asked for as one that may be absent; not so a variable, whose failure would pass for absence. */
function writeOptionalPath([root, ...fields]: AccessPath): string {
  const [own = '', ...others] = root === 'variables' ? fields : []
  if (root === 'variables') return `variables.${own}${writeOptionalFields(others)}`
  return root + writeOptionalFields(fields)
}

function writeOptionalFields(fields: readonly string[]): string {
  return fields.map((field) => (PLAIN.test(field) ? `.?${field}` : `[?${JSON.stringify(field)}]`)).join('')
}

/** Null for what is no value, such as the name before the dot of a function. */
function readValue(
  expression: CompiledExpression,
  activation: Activation,
  name: string,
  path: AccessPath,
): NamedValue | null {
  let value: unknown
  try {
    value = openOptional(expression.evaluate(activation))
  } catch (failure) {
    // Only a variable can fail; whatever else cannot be read is not there, as the certificate of a client without one.
    return { name, value: path[0] === 'variables' ? `failed: ${describeFailure(failure)}` : null }
  }
  if (value === undefined) return { name, value: null }
  try {
    return { name, value: writeShort(hideBelow(path, toReadableJson(value))) }
  } catch {
    return null
  }
}

/** What is explained is shown to others and kept in tickets. A secret is one by any of the names that lead to it. */
function hideBelow([, ...fields]: AccessPath, value: Json): Json {
  const [, ...inner] = fields
  if (inner.some((field) => PRIVATE_KEY_MEMBERS.includes(field))) return hideSecrets('secret', value)
  return fields.reduce((shown, field) => hideSecrets(field, shown), value)
}
