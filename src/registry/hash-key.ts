import { createHash } from 'node:crypto'

/**
 * Hex SHA-256: keys hold what registrants send (software ids, statement ids), and must neither grow without bound, nor break out of a
 * Redis key name, nor show up in the store's monitoring.
 */
export function hashKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}
