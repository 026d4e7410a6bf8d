import type { ErrorCode } from 'yaml'
import type { YamlProblem } from './yaml-problem.ts'

/** The parser's own messages quote the file, and with it perhaps a secret; these do not. */
const FOUND: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'an alias with a tag or an anchor',
  BAD_ALIAS: 'an alias without a proper name',
  BAD_DIRECTIVE: 'a directive that is not understood',
  BAD_DQ_ESCAPE: 'a backslash before a character that cannot be escaped, between double quotes',
  BAD_INDENT: 'lines that are not indented alike, or a bracket that is not closed',
  BAD_SCALAR_START: 'an unquoted value beginning with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon on the line, or a line indented too far',
  BLOCK_IN_FLOW: 'an indented block between brackets',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a missing quote, bracket, comma or colon',
  MULTILINE_IMPLICIT_KEY: 'a key of several lines',
  TAB_AS_INDENT: 'a tab as indentation',
  TAG_RESOLVE_FAILED: 'a value that its tag does not fit, or an unknown tag',
  UNEXPECTED_TOKEN: 'something that does not belong here',
}

/** Mostly a text that YAML takes for more than a text, such as `message: note: at most 5` or `require: !has(metadata.jwks)`. */
const QUOTED: readonly ErrorCode[] = ['BAD_SCALAR_START', 'BLOCK_AS_IMPLICIT_KEY', 'TAG_RESOLVE_FAILED']

export function describeSyntaxError(code: ErrorCode): Omit<YamlProblem, 'offset'> {
  const problem = { wanted: 'well-formed YAML 1.2', found: FOUND[code] ?? 'something else' }
  return QUOTED.includes(code) ? { ...problem, hint: 'put the text in quotes' } : problem
}
