import { randomFillSync } from 'node:crypto'

const ID_BYTES = 16

/** Asking for much at once is many times cheaper than asking often. */
const pool = Buffer.alloc(256 * ID_BYTES)
let used = pool.length

/** 128 random bits in base64url: not to be guessed, so that quoting one proves having seen the answer. */
export function createDecisionId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += ID_BYTES
  return pool.toString('base64url', used - ID_BYTES, used)
}
