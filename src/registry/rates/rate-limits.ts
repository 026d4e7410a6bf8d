import type { VerifiedClient } from '../../model/client.ts'
import type { Clock } from '../../model/clock.ts'
import type { RateLimit, RateLimitEvent, RateLimitName } from '../../model/rate-limit.ts'
import { demandProof } from '../../model/proof.ts'
import { refuse, type Finding } from '../../model/refusal.ts'
import { RegistryUnavailable } from '../registry-unavailable.ts'
import type { Registry } from '../registry.ts'
import { addressBlock } from './address-block.ts'
import { createLimiter, type CountRequest, type Limiter } from './create-limiter.ts'
import { MemoryWindows } from './memory-windows.ts'

export interface RateLimitsOptions {
  /** Null for none. */
  readonly limits: {
    readonly perAddress: (RateLimit & { readonly ipv6PrefixBits: number }) | null
    readonly perCertificate: RateLimit | null
    readonly perOwner: RateLimit | null
  }
  readonly clock: Clock
  /** Where several processes count together; null where this one counts alone. */
  readonly shared: {
    readonly registry: Pick<Registry, 'increment'>
    readonly whenUnavailable: 'refuse' | 'allow'
  } | null
  readonly onEvent: (limit: RateLimitName, event: RateLimitEvent) => void
}

/** Stages that let a request pass, and count it. They throw Refusal `rate-exceeded` and `state-unavailable`. */
export interface RateLimits {
  readonly limitAddress: (address: string) => Promise<void>
  /** `ownersOf` tells whom the certificate belongs to, as each policy that may still judge the request says; asked where there is such a limit. */
  readonly limitClient: (client: VerifiedClient, ownersOf: () => readonly string[]) => Promise<void>
}

/** Some 250 bytes each, in each of the three limits. */
export const MAX_KEYS_IN_MEMORY = 100_000

/** Builds the limits of all endpoints together: what one registrant may cost does not depend on which of them he asks. */
export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { perAddress, perCertificate, perOwner } = options.limits
  const limits = {
    address: createLimit('address', perAddress, options),
    certificate: createLimit('certificate', perCertificate, options),
    owner: createLimit('owner', perOwner, options),
  }
  return {
    limitAddress: async (address) => {
      if (perAddress !== null) await limits.address([addressBlock(address, perAddress.ipv6PrefixBits)])
    },
    // One after the other: what the limit of a certificate stops must not use up what its owner has left for others.
    limitClient: async (client, ownersOf) => {
      demandProof('client', client)
      const { certificate, trust } = client
      await limits.certificate([certificate.thumbprint])
      if (perOwner === null) return
      // By trusted issuers: nobody may use up what is left for his namesake of another scheme.
      for (const owner of new Set(ownersOf())) await limits.owner([trust, owner])
    },
  }
}

/** `of` are the parts of the key. */
type Limit = (of: readonly string[]) => Promise<void>

function createLimit(name: RateLimitName, limit: RateLimit | null, options: RateLimitsOptions): Limit {
  if (limit === null) return () => Promise.resolve()
  const limiter = openLimiter(name, limit, options)
  return async (of) => {
    // With the window in it, so that one of another length begins anew. JSON keeps the parts apart, whatever they hold.
    const remainingMs = await spend(limiter, JSON.stringify(['rate', name, limit.windowMs, ...of]), name)
    if (remainingMs === null) return
    options.onEvent(name, 'exceeded')
    throw refuse(exceeded(name, limit, remainingMs))
  }
}

async function spend(limiter: Limiter, key: string, name: RateLimitName): Promise<number | null> {
  try {
    return await limiter(key)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    throw refuse(unavailable(name, failure), failure)
  }
}

function openLimiter(name: RateLimitName, limit: RateLimit, { clock, shared, onEvent }: RateLimitsOptions): Limiter {
  const windows = new MemoryWindows({ clock, windowMs: limit.windowMs, maxKeys: MAX_KEYS_IN_MEMORY })
  const countAlone: CountRequest = (key) => Promise.resolve(windows.count(key))
  if (shared === null) return createLimiter(limit, countAlone, null)
  const countTogether: CountRequest = async (key) => {
    try {
      return await shared.registry.increment(key, limit.windowMs)
    } catch (failure) {
      if (failure instanceof RegistryUnavailable) onEvent(name, 'unavailable')
      throw failure
    }
  }
  return createLimiter(limit, countTogether, shared.whenUnavailable === 'allow' ? countAlone : null)
}

const WORDS: Readonly<Record<RateLimitName, Pick<Finding, 'at' | 'message'>>> = {
  address: { at: 'client address', message: 'the limit of requests per address is exceeded' },
  certificate: { at: 'client certificate', message: 'the limit of requests per client certificate is exceeded' },
  owner: {
    at: 'client certificate',
    message: 'the limit of requests per owner of client certificates is exceeded',
  },
}

function exceeded(name: RateLimitName, { requests, windowMs }: RateLimit, remainingMs: number): Finding {
  return {
    ...{ reason: 'rate-exceeded', ...WORDS[name] },
    wanted: `at most ${requests} ${requests === 1 ? 'request' : 'requests'} in ${windowMs / 1000} seconds`,
    // Rounded up, and never 0: whoever comes then must find a new window.
    retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1000)),
  }
}

function unavailable(name: RateLimitName, { detail }: RegistryUnavailable): Finding {
  const { at } = WORDS[name]
  const message = `whether the limit of requests per ${name} is exceeded cannot be told at the moment`
  return { reason: 'state-unavailable', at, message, detail }
}
