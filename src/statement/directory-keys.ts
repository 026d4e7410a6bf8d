import type { KeyObject } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import type { Directory } from '../model/policy.ts'
import { createKeysSource, type FetchLimits } from './fetch-keys.ts'
import { KeyCache, type CacheTimes } from './key-cache.ts'
import { KeysFailure, type KeysProblem } from './keys-failure.ts'
import { parseKeys } from './parse-keys.ts'
import type { KeyReference } from './select-key.ts'

export interface DirectoryKeysLimits extends FetchLimits, CacheTimes {
  /** A document with more is refused whole. */
  readonly maxKeys: number
}

export const DEFAULT_DIRECTORY_KEYS_LIMITS: DirectoryKeysLimits = {
  timeoutMs: 5_000,
  sizeLimitBytes: 262_144,
  freshMs: 600_000,
  staleMs: 3_600_000,
  coolDownMs: 30_000,
  maxKeys: 100,
}

/** For the operator's log and metrics; `detail` holds nothing of what the directory answered. */
export type DirectoryKeysEvent =
  | { readonly kind: 'directory-keys-fetched'; readonly keys: number; readonly ignored: number }
  | { readonly kind: 'directory-keys-failed'; readonly problem: KeysProblem | 'internal'; readonly detail: string }

export interface DirectoryKeysOptions {
  readonly directory: Directory
  readonly clock: Clock
  readonly limits?: Partial<DirectoryKeysLimits>
  readonly onEvent: (event: DirectoryKeysEvent) => void
}

/** The published keys of one pinned directory. */
export interface DirectoryKeys {
  /** @throws Refusal `statement-key-unknown` or `statement-keys-unavailable` */
  readonly find: (reference: KeyReference) => Promise<KeyObject>
  /**
   * The key now under a reference whose key did not verify; null when it is still the same one.
   *
   * @throws Refusal `statement-keys-unavailable` when the directory cannot be asked
   */
  readonly findReplacement: (reference: KeyReference, failed: KeyObject) => Promise<KeyObject | null>
  /** Lets a running fetch end; any number of times. */
  readonly close: () => Promise<void>
}

/** Keys come from the pinned address alone, over https; nothing is fetched before the first lookup. @throws TypeError otherwise */
export function createDirectoryKeys({ directory, clock, limits, onEvent }: DirectoryKeysOptions): DirectoryKeys {
  const { jwksUri, ca } = directory
  if (new URL(jwksUri).protocol !== 'https:') throw new TypeError(`keys of ${directory.name} must come over https`)
  const bounds = { ...DEFAULT_DIRECTORY_KEYS_LIMITS, ...limits }
  const source = createKeysSource(jwksUri, ca, bounds)
  const load = async () => parseKeys(await source.fetch(), bounds.maxKeys)
  const cache = new KeyCache(load, clock, bounds, {
    onFetched: ({ keys, ignored }) => onEvent({ kind: 'directory-keys-fetched', keys: keys.length, ignored }),
    onFailed: (failure) => onEvent({ kind: 'directory-keys-failed', ...describe(failure) }),
  })
  return {
    find: (reference) => cache.find(reference),
    findReplacement: (reference, failed) => cache.findReplacement(reference, failed),
    close: source.close,
  }
}

function describe(failure: unknown): { problem: KeysProblem | 'internal'; detail: string } {
  const problem = failure instanceof KeysFailure ? failure.problem : 'internal'
  return { problem, detail: failure instanceof Error ? failure.message.slice(0, 300) : 'unknown' }
}
