/** One line for a terminal: what a file says must not be able to move the cursor or turn the text around (CWE-150). */
export function escapeControls(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  )
}
