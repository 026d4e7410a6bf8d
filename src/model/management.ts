import type { Operation } from './operation.ts'

/** Who manages clients: the identity server, the gateway's own record of them, or nobody. */
export type Management = 'forward' | 'record' | 'none'

/** What registrants may do with their clients (RFC 7592). */
export const MANAGED_BY: Readonly<Record<Management, readonly Operation[]>> = {
  forward: ['read', 'update', 'delete'],
  record: ['read'],
  none: [],
}
