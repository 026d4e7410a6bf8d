import { RE2JS } from 're2js'

/** Compiled patterns by their text; only literals of policy files get in, so the policies bound its size. */
const compiled = new Map<string, RE2JS>()

/** Compiles a pattern for linear-time matching (RE2), so that no pattern can be made to run away. @throws when the syntax is wrong */
export function compilePattern(pattern: string): RE2JS {
  let regex = compiled.get(pattern)
  if (regex === undefined) {
    regex = RE2JS.compile(pattern)
    compiled.set(pattern, regex)
  }
  return regex
}

/** A rule asks the same of a text in its condition, its demand and for what it shows, and registrants come back; long texts do not fill the memory. */
const outcomes = new Map<string, Map<string, boolean>>()
const OUTCOMES_LIMIT = 100
const TEXT_LIMIT = 256

/** CEL `matches`: whether the pattern is found anywhere in the text. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (text.length > TEXT_LIMIT) return compilePattern(pattern).test(text)
  let known = outcomes.get(pattern)
  if (known === undefined) outcomes.set(pattern, (known = new Map<string, boolean>()))
  let found = known.get(text)
  if (found === undefined) {
    if (known.size >= OUTCOMES_LIMIT) known.clear()
    known.set(text, (found = compilePattern(pattern).test(text)))
  }
  return found
}

/** What `matches` of expressions becomes. */
export const LINEAR_MATCHES = {
  signature: 'string.linearMatches(string): bool',
  handler: matchesPattern,
  // RE2 in JavaScript.
  cost: { perCharacter: 2 },
} as const
