import type { EntryBounds } from '../../../egress/bounded-entries.ts'
import type { CoolDown } from './failure-memory.ts'
import type { RefreshTimes } from './refresh-delay.ts'

/** How the answers of one source are kept. */
export interface KeeperLimits extends CoolDown {
  readonly held: EntryBounds
  /** Of one answer. */
  readonly sizeLimitBytes: number
  readonly refresh: RefreshTimes
  /** An answer that nobody asked for within this time is not fetched anew ahead of its end. */
  readonly recentlyUsedMs: number
}

export interface StoreLimits {
  readonly crl: KeeperLimits
  readonly ocsp: KeeperLimits
  /** How long one certificate is waited for, all its sources together. */
  readonly waitMs: number
  /** Of one source that one certificate names; further ones are not asked. */
  readonly addresses: number
  /** Of the operator, as many as the settings allow. */
  readonly configuredAddresses: number
}

const MIB = 1_048_576
const HOUR_MS = 3_600_000
const SHARED = { coolDownMs: 30_000, coolDownLimitMs: 300_000, recentlyUsedMs: 6 * HOUR_MS }

export const DEFAULT_STORE_LIMITS: StoreLimits = {
  crl: {
    ...SHARED,
    held: { maxEntries: 256, maxBytes: 64 * MIB },
    sizeLimitBytes: 16 * MIB,
    refresh: { minMs: 60_000, maxMs: 6 * HOUR_MS },
  },
  ocsp: {
    ...SHARED,
    held: { maxEntries: 10_000, maxBytes: 32 * MIB },
    sizeLimitBytes: MIB / 16,
    refresh: { minMs: 60_000, maxMs: 24 * HOUR_MS },
  },
  waitMs: 4_000,
  addresses: 4,
  configuredAddresses: 32,
}
