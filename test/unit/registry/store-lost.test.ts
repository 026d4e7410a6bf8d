import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/model/refusal.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { approval, demand, frozenClock, reasonOf, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

type Loss = 'before it did anything' | 'after it did it, before it said so'

/** A store that is lost at one of its calls, and whether it had done by then what it was asked to, and comes back when told. */
class LosableRegistry extends MemoryRegistry {
  #callsLeft = Infinity
  #loss: Loss = 'before it did anything'
  calls = 0

  loseAt(call: number, loss: Loss): void {
    this.#callsLeft = call
    this.#loss = loss
  }

  comeBack(): void {
    this.#callsLeft = Infinity
  }

  static watch(registry: LosableRegistry): LosableRegistry {
    const names = ['claim', 'confirm', 'release', 'get', 'take', 'write', 'forget', 'renew', 'leave', 'read'] as const
    for (const name of names) {
      const call = registry[name].bind(registry) as (...given: unknown[]) => Promise<unknown>
      Object.assign(registry, { [name]: (...given: unknown[]) => registry.#pass(() => call(...given)) })
    }
    return registry
  }

  async #pass(call: () => Promise<unknown>): Promise<unknown> {
    this.calls += 1
    this.#callsLeft -= 1
    if (this.#callsLeft >= 0) return call()
    if (this.#callsLeft === -1 && this.#loss !== 'before it did anything') await call()
    throw new RegistryUnavailable('gone')
  }
}

function losable() {
  const clock = frozenClock()
  return { clock, registry: LosableRegistry.watch(new LosableRegistry({ clock, maxEntries: 1000 })) }
}

/** The lease, the claim, `sent`; `granted`, `used`. */
const CALLS = 5
const LOSSES: readonly Loss[] = ['before it did anything', 'after it did it, before it said so']
const cases = LOSSES.flatMap((loss) =>
  (['replay', 'rollback'] as const).flatMap((recovery) =>
    ([true, false] as const).flatMap((hasAdministration) =>
      ([true, false] as const).flatMap((givesTokens) =>
        Array.from({ length: CALLS }, (_, call) => ({ loss, recovery, hasAdministration, givesTokens, call })),
      ),
    ),
  ),
)

/**
 * The one end that takes support staff (`registrations settle`): the grant was written down, the store was lost before it said so, the client
 * was taken back, and nobody can tell any more that it is gone, for it never had a token.
 */
function isGrantOfNobody({ loss, call, givesTokens, hasAdministration }: (typeof cases)[number]) {
  return loss === 'after it did it, before it said so' && call === 3 && !givesTokens && !hasAdministration
}

/** Whatever the registrant was told must be true once the store is back and the sweeper ran. */
describe('a registration whose store is lost', () => {
  it.each(cases)(
    'at its call $call, $loss ($recovery, administration $hasAdministration, tokens $givesTokens), tells the truth',
    async ({ loss, recovery, hasAdministration, givesTokens, call }) => {
      const { clock, registry } = losable()
      const { exchange, sweep, server, events } = setUp({ clock, registry, recovery, hasAdministration })
      server.givesTokens = givesTokens
      registry.loseAt(call, loss)
      const asked = approval({ once: [demand('a')] })
      const outcome = await exchange(asked, 'r1').then(
        ({ clientId }) => clientId,
        (failure: unknown) => failure,
      )
      registry.comeBack()
      clock.advance(TTL)
      await sweep()
      if (outcome instanceof Refusal) {
        expect(outcome.findings[0].reason).toBe('state-unavailable')
        expect(server.live).toEqual([])
        if (isGrantOfNobody({ loss, recovery, hasAdministration, givesTokens, call })) {
          expect(await reasonOf(exchange(approval({ sha256: 'statement-2' }), 'r2'))).toBe('client-exists')
          return
        }
        // Neither its software nor what may happen only once is held up by it.
        const { clientId } = await exchange(approval({ sha256: 'statement-2', once: [demand('a')] }), 'r2')
        expect(server.live).toEqual([clientId])
      } else {
        expect(outcome).toBe('client-1')
        for (const pause of [RECOVERY, TTL]) {
          clock.advance(pause)
          await sweep()
        }
        expect(server.live).toEqual(['client-1'])
        expect(events.map(({ kind }) => kind)).toContain(call === 4 ? 'reservation-lost' : 'registration-unrecorded')
      }
    },
  )

  it.each(cases.filter(({ givesTokens }) => givesTokens))(
    'at its call $call, $loss ($recovery, administration $hasAdministration), gets its registrant a client when he comes again',
    async ({ loss, recovery, hasAdministration, call }) => {
      const { clock, registry } = losable()
      const { exchange, sweep, server } = setUp({ clock, registry, recovery, hasAdministration })
      registry.loseAt(call, loss)
      const asked = approval({ once: [demand('a')] })
      await exchange(asked, 'r1').catch(() => undefined)
      registry.comeBack()
      clock.advance(TTL)
      const { clientId } = await exchange(asked, 'r2')
      expect(server.live).toEqual([clientId])
      for (const pause of [TTL, RECOVERY, TTL]) {
        clock.advance(pause)
        await sweep()
      }
      expect(server.live).toEqual([clientId])
    },
  )
})

describe('without the store', () => {
  const allow = { registrations: 'allow', usedOnce: 'allow' } as const

  it('registrations go on where the operator would rather have that, and he hears of each', async () => {
    const { clock, registry } = losable()
    const { exchange, server, kinds } = setUp({ clock, registry, whenUnavailable: allow })
    registry.loseAt(0, 'before it did anything')
    await exchange(approval(), 'r1')
    expect(server.live).toEqual(['client-1'])
    expect(kinds()).toEqual(['registration-unrecorded'])
  })

  it('goes each use by its own setting', async () => {
    const { clock, registry } = losable()
    const whenUnavailable = { registrations: 'allow', usedOnce: 'refuse' } as const
    const { exchange, reserve } = setUp({ clock, registry, whenUnavailable })
    registry.loseAt(0, 'before it did anything')
    await expect(exchange(approval(), 'r1')).resolves.toBeDefined()
    expect(await reasonOf(reserve(approval({ once: [demand('a')] })))).toBe('state-unavailable')
  })

  it('nothing is made up later: a registration that went on without it is not searched for, nor removed', async () => {
    const { clock, registry } = losable()
    const fixture = setUp({ clock, registry, whenUnavailable: allow, hasAdministration: true })
    registry.loseAt(0, 'after it did it, before it said so')
    await fixture.exchange(approval(), 'r1')
    registry.comeBack()
    for (const pause of [TTL, RECOVERY]) {
      clock.advance(pause)
      await fixture.sweep()
    }
    expect(fixture.server.live).toEqual(['client-1'])
  })

  it.each(['read', 'update'] as const)('a %s needs none', async (operation) => {
    const { clock, registry } = losable()
    const { exchange } = setUp({ clock, registry })
    registry.loseAt(0, 'before it did anything')
    const managed = { record: 'x'.repeat(43), clientId: 'client-1' }
    await expect(exchange(approval({ operation, managed }), 'u1')).resolves.toBeDefined()
  })

  it('a sweep tells that it is away, rather than that all is settled', async () => {
    const { registry, sweep } = setUp()
    const lost: Pick<Registry, 'due'> = { due: () => Promise.reject(new RegistryUnavailable('gone')) }
    Object.assign(registry, lost)
    await expect(sweep()).rejects.toBeInstanceOf(RegistryUnavailable)
  })
})
