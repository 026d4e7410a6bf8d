/**
 * One line for a terminal or a log: what a file or a certificate says must not be able to begin a new line, move the cursor or turn the
 * text around (CWE-117, CWE-150). JSON alone escapes the ASCII control characters only.
 */
export function escapeControls(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  )
}
