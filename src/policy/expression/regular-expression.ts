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

/** CEL `matches`: whether the pattern is found anywhere in the text. */
export function matchesPattern(text: string, pattern: string): boolean {
  return compilePattern(pattern).matcher(text).find()
}
