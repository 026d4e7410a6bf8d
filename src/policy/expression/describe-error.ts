import type { ASTNode } from '@marcbachmann/cel-js'
import { describeSyntax } from './describe-syntax.ts'
import { asWritten, UNDECLARED, visitNodes, type ExpressionProblem } from './inspect-expression.ts'

/** What is known of an error of the expression library; of anything else (such as an exceeded limit) only the message. */
interface LibraryError {
  readonly code?: string
  readonly summary?: string
  readonly message?: string
  readonly node?: ASTNode
}

const SYNTAX_CODES = new Set([
  'unexpected_character',
  'unexpected_token',
  'expected_token',
  'unterminated_string',
  'reserved_identifier',
])
/** Loops of other languages: their own name is the mistake, though the checker stumbles over the variable of the loop. */
const FOREIGN_LOOPS = new Set(['every', 'some', 'any', 'forEach', 'find', 'none'])

/** An error of parser or type checker, in words for whoever wrote the expression; `root` where it could be parsed. */
export function describeError(text: string, error: unknown, root?: ASTNode): ExpressionProblem {
  const { code, summary, message, node } = error as LibraryError
  const offset = node?.pos ?? 0
  if (code !== undefined && SYNTAX_CODES.has(code)) return describeSyntax(text, code, offset)
  const told = asWritten((summary ?? message ?? 'an unreadable expression').split('\n')[0] ?? '')
  const problem = { offset, wanted: 'a valid expression', found: told.replace(/^found /, '') }
  if (node === undefined) return problem
  const loop = root === undefined ? undefined : foreignLoop(root, offset)
  if (loop !== undefined) return loop
  if (node.op === '.' && (code === 'no_such_key' || code === 'invalid_index_type'))
    return { ...problem, wanted: UNDECLARED, found: `No such key: ${node.args[1]}`, misspelt: node.args[1] }
  if (code === 'unknown_variable' && node.op === 'id')
    return { ...problem, wanted: UNDECLARED, misspelt: node.args, standsAlone: true }
  // A function of that name may well exist, for other types; then no nearer name is found and no hint is given.
  return node.op === 'call' || node.op === 'rcall' ? { ...problem, misspelt: node.args[0] } : problem
}

function foreignLoop(root: ASTNode, offset: number): ExpressionProblem | undefined {
  const problems: ExpressionProblem[] = []
  visitNodes(root, (node) => {
    if (node.op !== 'rcall' || !FOREIGN_LOOPS.has(node.args[0]) || offset < node.start || offset >= node.end) return
    const [name] = node.args
    problems.push({ offset: node.start, wanted: UNDECLARED, found: `no function ${name}`, misspelt: name })
  })
  return problems.at(-1)
}
