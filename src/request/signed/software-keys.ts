import { checkTarget } from '../../egress/check-target.ts'
import { EgressFailure } from '../../egress/egress-failure.ts'
import type { HostGate } from '../../egress/host-gate.ts'
import type { Clock } from '../../model/clock.ts'
import { refuse, type Refusal } from '../../model/refusal.ts'
import type { KeysReach } from '../../signature/fetch-keys.ts'
import {
  createPublishedKeys,
  DEFAULT_PUBLISHED_KEYS_LIMITS,
  type PublishedKeys,
  type PublishedKeysEvent,
  type PublishedKeysLimits,
} from '../../signature/published-keys.ts'
import type { KeySearch } from '../../signature/verify-by-keys.ts'
import { SIGNED_REQUEST } from './request-words.ts'

export interface SoftwareKeysOptions {
  /** Lists of exact names, or `*.example.com` for all below; a host must be in all of them. */
  readonly hosts: readonly (readonly string[])[]
  readonly reach: Omit<KeysReach, 'allowedHosts'>
  readonly clock: Clock
  readonly gate: HostGate
  readonly limits?: Partial<PublishedKeysLimits>
  /** Addresses whose keys are held; the one not used for longest goes first. */
  readonly maxAddresses?: number
  readonly onEvent: (event: PublishedKeysEvent & { readonly address: string }) => void
}

/** The keys of any software, at the address that its verified statement names. */
export interface SoftwareKeys {
  /** @throws Refusal `request-keys-address-invalid` before anybody is asked */
  readonly at: (uri: string | null) => KeySearch
  /** Lets running fetches end; any number of times. */
  readonly close: () => Promise<void>
}

const MAX_ADDRESSES = 1_000
/** Longer than any directory's. */
const ADDRESS_LIMIT_CHARACTERS = 2_048

/** One cache for each address, so that software that shares none waits for nobody; bounded, for statements name addresses at will. */
export function createSoftwareKeys(options: SoftwareKeysOptions): SoftwareKeys {
  const { maxAddresses = MAX_ADDRESSES, hosts, clock, gate, limits = {} } = options
  const reach = { ...options.reach, allowedHosts: hosts[0] ?? null }
  const passage = { gate, choice: hosts.length === 0 ? 'any-host' : 'listed-host' } as const
  const open = (uri: string): PublishedKeys =>
    createPublishedKeys({
      ...{ uri, reach, passage, clock, limits, thing: SIGNED_REQUEST },
      onEvent: (event) => options.onEvent({ ...event, address: uri }),
    })
  const known = new Map<string, PublishedKeys>()
  /** Of addresses that made room, what they still fetch: no more than the gate lets through, and the gateway waits for it when it ends. */
  const ending = new Set<Promise<void>>()
  let isClosed = false
  return {
    at: (named) => {
      const uri = allowedAddress(named, options)
      const keys = known.get(uri) ?? open(uri)
      // The youngest stands last.
      known.delete(uri)
      known.set(uri, keys)
      const [oldest] = known.keys()
      if (known.size > maxAddresses && oldest !== undefined) {
        const leaving = known.get(oldest)?.close() ?? Promise.resolve()
        ending.add(leaving)
        void leaving.finally(() => ending.delete(leaving))
        known.delete(oldest)
      }
      if (isClosed) void keys.close()
      return keys
    },
    close: async () => {
      isClosed = true
      await Promise.all([...ending, ...[...known.values()].map((keys) => keys.close())])
    },
  }
}

/** Of a target nothing but where it is, is looked at. */
const REQUESTED = { ...DEFAULT_PUBLISHED_KEYS_LIMITS, schemes: ['https'] as const }

/** Of the address as it is written, one spelling: a directory may be asked for one document under one name alone. */
function allowedAddress(named: string | null, { reach, hosts }: SoftwareKeysOptions): string {
  if (named === null || named.length > ADDRESS_LIMIT_CHARACTERS)
    throw invalidAddress('no address', 'the software statement does not say where the keys of the software are')
  try {
    const lists = hosts.length === 0 ? [null] : hosts
    for (const allowedHosts of lists) checkTarget(named, { ...REQUESTED, ...reach, allowedHosts })
    const url = new URL(named)
    url.hash = ''
    return url.href
  } catch (failure) {
    if (!(failure instanceof EgressFailure)) throw failure
    const message = 'the software statement names an address of keys that is not allowed here'
    throw invalidAddress(failure.detail, message, failure)
  }
}

function invalidAddress(found: string, message: string, cause?: EgressFailure): Refusal {
  const wanted = 'an https address at a host that is allowed here'
  return refuse({ reason: 'request-keys-address-invalid', at: 'software_statement', message, wanted, found }, cause)
}
