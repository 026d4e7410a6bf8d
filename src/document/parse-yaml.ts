import { Composer, Lexer, LineCounter, Parser, type CST, type Document } from 'yaml'
import { checkNodes } from './check-nodes.ts'
import { describeSyntaxError } from './describe-syntax-error.ts'
import type { YamlProblem } from './yaml-problem.ts'

const TEXT_LIMIT_BYTES = 1_048_576
const DEPTH_LIMIT = 50
/** Bounds how far aliases may multiply what they stand for ("billion laughs"). */
const ALIAS_LIMIT = 100

export interface ParsedYaml {
  /** Null when there are problems. */
  readonly document: Document | null
  readonly data: unknown
  readonly lines: LineCounter
  readonly problems: readonly YamlProblem[]
}

/** One document of YAML 1.2 core (https://yaml.org/spec/1.2.2/), bounded in size, depth and growth by aliases. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter()
  const failed = (problems: readonly YamlProblem[]): ParsedYaml => ({ document: null, data: null, lines, problems })
  const bytes = Buffer.byteLength(text)
  if (bytes > TEXT_LIMIT_BYTES)
    return failed([{ offset: 0, wanted: `at most ${TEXT_LIMIT_BYTES} bytes`, found: `${bytes} bytes` }])
  const { tokens, tooDeepAt } = parseTokens(text, lines)
  if (tooDeepAt !== null)
    return failed([{ offset: tooDeepAt, wanted: `at most ${DEPTH_LIMIT} levels of nesting`, found: 'more' }])
  const [document, second] = composeDocuments(tokens, text.length)
  if (document === undefined) return failed([{ offset: 0, wanted: 'a YAML document', found: 'nothing' }])
  const problems = [...syntaxProblems(document, lines), ...checkNodes(document)]
  if (second !== undefined)
    problems.push({ offset: second.range[0], wanted: 'one document in a file', found: 'a second one' })
  if (problems.length > 0) return failed(problems)
  return { ...expandAliases(document, failed), lines }
}

/** Counts the depth while reading: the steps after this one recurse, and a hostile file must not exhaust their stack. */
function parseTokens(text: string, lines: LineCounter): { tokens: CST.Token[]; tooDeepAt: number | null } {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    // Few texts are so deep that it is worth looking closer.
    if (parser.stack.length > DEPTH_LIMIT && parser.stack.filter(isCollection).length > DEPTH_LIMIT) {
      return { tokens, tooDeepAt: parser.offset - lexeme.length }
    }
  }
  tokens.push(...parser.end())
  return { tokens, tooDeepAt: null }
}

function isCollection({ type }: CST.Token): boolean {
  return type === 'block-map' || type === 'block-seq' || type === 'flow-collection'
}

function composeDocuments(tokens: readonly CST.Token[], end: number): Document.Parsed[] {
  // Keys are compared in checkNodes(): the comparison built in is quadratic, and takes 1 and "1" for different keys.
  const options = { version: '1.2', schema: 'core', merge: false, resolveKnownTags: false, uniqueKeys: false } as const
  const composer = new Composer({ ...options, strict: true, prettyErrors: false, logLevel: 'silent' })
  return [...composer.compose(tokens, true, end)]
}

/**
 * The first error of each line, up to the first token that fits nowhere: what comes after are echoes. Warnings count: an unknown tag
 * would otherwise be dropped silently.
 */
function syntaxProblems({ errors, warnings }: Document.Parsed, lines: LineCounter): YamlProblem[] {
  const byLine = new Map<number, YamlProblem>()
  let tabs = false
  for (const { code, pos } of [...errors, ...warnings]) {
    const { line } = lines.linePos(pos[0])
    // A tab that indents puts every line after it out of place.
    if (code !== 'TAB_AS_INDENT' && tabs) continue
    tabs ||= code === 'TAB_AS_INDENT'
    if (!byLine.has(line)) byLine.set(line, { offset: pos[0], ...describeSyntaxError(code) })
    if (code === 'UNEXPECTED_TOKEN') break
  }
  return [...byLine.values()]
}

function expandAliases(
  document: Document.Parsed,
  failed: (problems: readonly YamlProblem[]) => ParsedYaml,
): Omit<ParsedYaml, 'lines'> {
  try {
    const data: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT })
    // Each within another, aliases nest deeper than the text does, and whatever reads the data recurses.
    if (!isDeeperThan(data, DEPTH_LIMIT)) return { document, data, problems: [] }
    return failed([{ offset: 0, wanted: `at most ${DEPTH_LIMIT} levels of nesting, aliases included`, found: 'more' }])
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return failed([{ offset: 0, wanted: `aliases that stand for at most ${ALIAS_LIMIT} nodes`, found: 'more' }])
  }
}

/** Without recursion of its own; what several aliases stand for is looked at again only where it stands deeper than before. */
function isDeeperThan(data: unknown, limit: number): boolean {
  const seen = new Map<object, number>()
  const open: (readonly [value: unknown, depth: number])[] = [[data, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next
    if (typeof value !== 'object' || value === null || (seen.get(value) ?? -1) >= depth) continue
    if (depth >= limit) return true
    seen.set(value, depth)
    for (const inner of Object.values(value)) open.push([inner, depth + 1])
  }
  return false
}
