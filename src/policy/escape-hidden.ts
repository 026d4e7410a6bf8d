/**
 * Shows characters that nobody can see as `\u{a}`: a name in a certificate must not begin a new line where a finding is read, or turn
 * the rest of one around (log injection; U+202E). JSON alone escapes the ASCII ones only.
 */
export function escapeHidden(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
