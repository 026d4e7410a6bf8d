import type { KeyObject } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { createKeysSource, type FetchLimits, type KeysPassage, type KeysReach } from './fetch-keys.ts'
import { KeyCache, type CacheTimes } from './key-cache.ts'
import { KeysFailure, type KeysProblem } from './keys-failure.ts'
import { parseKeys } from './parse-keys.ts'
import type { KeyReference } from './select-key.ts'
import type { SignedThing } from './signed-thing.ts'

export interface PublishedKeysLimits extends FetchLimits, CacheTimes {
  /** A document with more is refused whole. */
  readonly maxKeys: number
}

export const DEFAULT_PUBLISHED_KEYS_LIMITS: PublishedKeysLimits = {
  timeoutMs: 5_000,
  sizeLimitBytes: 262_144,
  freshMs: 600_000,
  staleMs: 3_600_000,
  coolDownMs: 30_000,
  maxKeys: 100,
}

/** For the operator's log and metrics; `detail` holds nothing of what was answered. */
export type PublishedKeysEvent =
  | { readonly kind: 'fetched'; readonly keys: number; readonly ignored: number }
  | { readonly kind: 'failed'; readonly problem: KeysProblem | 'internal'; readonly detail: string }

export interface PublishedKeysOptions {
  readonly uri: string
  readonly reach: KeysReach
  readonly passage: KeysPassage
  /** What the keys verify, for the words of refusals. */
  readonly thing: SignedThing
  readonly clock: Clock
  readonly limits?: Partial<PublishedKeysLimits>
  readonly onEvent: (event: PublishedKeysEvent) => void
}

/** The keys that one signer publishes at one address. */
export interface PublishedKeys {
  /** @throws Refusal with the thing's reason for an unknown key, or for keys that cannot be had */
  readonly find: (reference: KeyReference) => Promise<KeyObject>
  /**
   * The key now under a reference whose key did not verify; null when it is still the same one.
   *
   * @throws Refusal with the thing's reason for keys that cannot be had
   */
  readonly findReplacement: (reference: KeyReference, failed: KeyObject) => Promise<KeyObject | null>
  /** Lets a running fetch end; any number of times. */
  readonly close: () => Promise<void>
}

/** Keys come from this address alone, over https; nothing is fetched before the first lookup. @throws TypeError for another scheme */
export function createPublishedKeys({
  uri,
  reach,
  passage,
  thing,
  clock,
  limits,
  onEvent,
}: PublishedKeysOptions): PublishedKeys {
  if (new URL(uri).protocol !== 'https:') throw new TypeError(`keys of ${thing.signer} must come over https`)
  const bounds = { ...DEFAULT_PUBLISHED_KEYS_LIMITS, ...limits }
  const source = createKeysSource(uri, reach, bounds, passage)
  const load = async () => parseKeys(await source.fetch(), bounds.maxKeys)
  const cache = new KeyCache(load, thing, clock, bounds, {
    onFetched: ({ keys, ignored }) => onEvent({ kind: 'fetched', keys: keys.length, ignored }),
    onFailed: (failure) => onEvent({ kind: 'failed', ...describe(failure) }),
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
