import { createHash } from 'node:crypto'

/** base64url SHA-256: names a text of any length without telling it to those who do not know it. */
export function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url')
}

/** Of several texts; JSON keeps them apart, whatever they hold. */
export function digestOf(...parts: readonly (string | null)[]): string {
  return digest(JSON.stringify(parts))
}
