import { invalidTarget } from './parse-target.ts'

export interface Parameter {
  readonly name: string
  /** Decoded. */
  readonly value: string
}

const QUERY_LIMIT = 512
const NAME = /^[A-Za-z0-9_-]{1,64}$/
const VALUE = /^[A-Za-z0-9._~!$'()*,=:@/+-]*$/

/**
 * Parses `a=1&b=2`, names without escapes and values of plain characters: brackets, dots and separators in names mean other things to
 * other servers (parameter pollution).
 *
 * @throws Refusal `request-target-invalid`
 */
export function parseQuery(query: string): readonly Parameter[] {
  if (query.length > QUERY_LIMIT) throw invalidTarget(`the query is longer than ${QUERY_LIMIT} characters`)
  return query.split('&').map(parseParameter)
}

function parseParameter(text: string): Parameter {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(equals, 0))
  const value = decodeURIComponent(text.slice(equals + 1))
  if (!NAME.test(name) || !VALUE.test(value)) throw invalidTarget('the query is not a list of plain parameters')
  return { name, value }
}
