import type { ASTNode } from '@marcbachmann/cel-js'
import { compilePattern } from './regular-expression.ts'

/** What is wrong with an expression, and where in its text (0-based). */
export interface ExpressionProblem {
  readonly offset: number
  readonly wanted: string
  readonly found: string
  /** The name that nobody declared, for a hint at the nearest one that somebody did. */
  readonly misspelt?: string
  /** That name stands by itself, as a text without its quotes would. */
  readonly standsAlone?: boolean
  /** `found` shows what stands at the place already. */
  readonly tellsWhere?: boolean
  /** What to write instead, where that is plain. */
  readonly hint?: string
}

/** What is wanted where a name is not declared. */
export const UNDECLARED = 'a declared name'

/**
 * Library functions replaced by ours under the same name: `matches` of the library runs V8's backtracking engine (20 s on 29 characters),
 * `lowerAscii` and `upperAscii` fold letters beyond ASCII, so that U+212A KELVIN SIGN would equal `k`.
 */
const REPLACED: Readonly<Record<string, string>> = {
  matches: 'linearMatches',
  lowerAscii: 'asciiLower',
  upperAscii: 'asciiUpper',
}

/** An error text with the names that the author of the expression knows. */
export function asWritten(text: string): string {
  return Object.entries(REPLACED).reduce((told, [name, ours]) => told.replaceAll(`.${ours}(`, `.${name}(`), text)
}

/** Only literals of policy files may become patterns: one computed from a request would also stay in memory for good. */
const PATTERN_FUNCTIONS = new Set(['matches', 'linearMatches'])

export const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** What loops cost is estimated with the types known; deeper than this nobody can read them. */
const NESTING_LIMIT = 4

/** Swaps replaced functions and reports what the type checker does not: patterns that are not literals, nesting that costs too much. */
export function inspectExpression(root: ASTNode): ExpressionProblem[] {
  const problems: ExpressionProblem[] = []
  visitNodes(root, (node, nesting) => {
    if (node.op !== 'rcall') return
    if (COMPREHENSIONS.has(node.args[0]) && nesting > NESTING_LIMIT) {
      problems.push({
        offset: node.start,
        wanted: `at most ${NESTING_LIMIT} nested loops over lists`,
        found: `${nesting}`,
      })
    }
    if (PATTERN_FUNCTIONS.has(node.args[0])) problems.push(...inspectPattern(node, node.args[2]))
    const replacement = Object.hasOwn(REPLACED, node.args[0]) ? REPLACED[node.args[0]] : undefined
    if (replacement !== undefined) (node.args as [string, ...unknown[]])[0] = replacement
  })
  return problems
}

function inspectPattern(node: ASTNode, values: readonly ASTNode[]): ExpressionProblem[] {
  const pattern = values[0]
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    return [{ offset: node.start, wanted: 'a literal pattern', found: 'a pattern computed from the request' }]
  }
  try {
    compilePattern(pattern.args)
    return []
  } catch (error) {
    return [
      {
        offset: pattern.start,
        wanted: 'a regular expression in RE2 syntax',
        found: error instanceof Error ? error.message : 'none',
      },
    ]
  }
}

/** Names of the members that an expression takes from each variable: `redirect_uris` of `metadata` for `metadata.redirect_uris.all(...)`. */
export function membersNamed(root: ASTNode): (variable: string) => ReadonlySet<string> {
  const members = new Map<string, Set<string>>()
  visitNodes(root, (node) => {
    const access = accessOf(node)
    if (access?.of.op !== 'id') return
    const variable = access.of.args
    members.set(variable, (members.get(variable) ?? new Set()).add(access.field))
  })
  return (variable) => members.get(variable) ?? new Set()
}

/** Names of the claims of a signed request that an expression takes: `jti` for `request.claims.?jti`. */
export function requestClaimsNamed(root: ASTNode): ReadonlySet<string> {
  const claims = new Set<string>()
  visitNodes(root, (node) => {
    const access = accessOf(node)
    const outer = access === null ? null : accessOf(access.of)
    if (access !== null && outer?.field === 'claims' && outer.of.op === 'id' && outer.of.args === 'request')
      claims.add(access.field)
  })
  return claims
}

/** Names that an expression uses by themselves, those of its loops included. */
export function rootsNamed(root: ASTNode): ReadonlySet<string> {
  const roots = new Set<string>()
  visitNodes(root, (node) => {
    if (node.op === 'id') roots.add(node.args)
  })
  return roots
}

/** `variables` stands there otherwise than before the name of one, and may be asked for a name that is made up when the expression runs. */
export function usesAnyVariable(root: ASTNode): boolean {
  let count = 0
  visitNodes(root, (node) => {
    if (node.op === 'id' && node.args === 'variables') count += 1
    const access = accessOf(node)
    if (access?.of.op === 'id' && access.of.args === 'variables') count -= 1
  })
  return count !== 0
}

/** A field taken from something: `a.b`, `a.?b`, `a["b"]` and `a[?"b"]`; `offset` is where its name begins. */
export function accessOf(node: ASTNode): { of: ASTNode; field: string; offset: number } | null {
  if (node.op === '.' || node.op === '.?') return { of: node.args[0], field: node.args[1], offset: node.pos }
  if (node.op !== '[]' && node.op !== '[?]') return null
  const [of, key] = node.args
  return key.op === 'value' && typeof key.args === 'string' ? { of, field: key.args, offset: key.start } : null
}

/** Calls `see` for every node; `nesting` counts the loops around it, itself included. */
export function visitNodes(node: ASTNode, see: (node: ASTNode, nesting: number) => void, nesting = 0): void {
  const loops = node.op === 'rcall' && COMPREHENSIONS.has(node.args[0])
  see(node, loops ? nesting + 1 : nesting)
  if (!loops) for (const child of childrenOf(node)) visitNodes(child, see, nesting)
  else {
    // The list is made once, before the loop: a chain of loops is not nested.
    visitNodes(node.args[1], see, nesting)
    for (const child of node.args[2]) visitNodes(child, see, nesting + 1)
  }
}

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'list':
      return node.args
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}
