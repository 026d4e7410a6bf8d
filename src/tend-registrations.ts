import type { Closer } from './foundation.ts'
import type { Clock } from './model/clock.ts'
import { createUpkeepAt, openAdministration, openUpstream } from './open-identity-server.ts'
import { openState, registrationParts } from './open-registrations.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import type { RegistrationEvent } from './registry/registration-event.ts'
import { readRecord, type RegistrationRecord } from './registry/registration-record.ts'
import { RegistryUnavailable } from './registry/registry-unavailable.ts'
import { settleRecord, type HowToSettle } from './registry/sweep-registrations.ts'
import { createKeyRing } from './sealing/key-ring.ts'
import type { Settings } from './settings/settings.ts'

export type { HowToSettle } from './registry/sweep-registrations.ts'
export { REGISTRATION_STATES, type RegistrationRecord } from './registry/registration-record.ts'

/** A record and the name under which the registry has it; null for one that this edition cannot read. */
export interface NamedRecord {
  readonly name: string
  readonly record: RegistrationRecord | null
}

/** What was done to a record: as the registry has it now (null when it is gone), and what happened on the way. */
export interface Settlement {
  readonly isFree: boolean
  readonly record: RegistrationRecord | null
  readonly events: readonly RegistrationEvent[]
}

/** The records of registrations, for the bank's support staff, beside gateways that run. */
export interface Tending {
  /** All of them, in no order. @throws RegistryUnavailable */
  readonly list: () => AsyncIterable<NamedRecord>
  /** @throws RegistryUnavailable */
  readonly settle: (name: string, how: HowToSettle) => Promise<Settlement>
  readonly close: () => Promise<void>
}

const PAGE_RECORDS = 500

export { RegistryUnavailable }

/** Opens the registry and the way to the identity server, and nothing else of a gateway. */
export async function openTending(settings: Settings, clock: Clock, log: OperationalLog): Promise<Tending> {
  const opened: Closer[] = []
  const registry = await openState(settings.state, clock, log)
  opened.push(() => registry.close())
  const upstream = openUpstream(settings.upstream, log)
  opened.push(() => upstream.close())
  const administration = openAdministration(settings.upstream, log, opened)
  const ring = createKeyRing(settings.sealing.keys)
  const events: RegistrationEvent[] = []
  const options = {
    ...registrationParts({ settings, registry, clock, ring, tell: (event) => void events.push(event) }),
    upkeepAt: createUpkeepAt({ upstream, administration, settings }),
  }
  return {
    list: async function* () {
      let after: string | null = null
      do {
        const page = await registry.page(after, PAGE_RECORDS)
        for (const name of page.names) {
          const text = await registry.read(name)
          if (text !== null) yield { name, record: readRecord(text) }
        }
        after = page.next
      } while (after !== null)
    },
    settle: async (name, how) => {
      const before = events.length
      const isFree = await settleRecord(options, name, how)
      const text = await registry.read(name)
      return { isFree, record: text === null ? null : readRecord(text), events: events.slice(before) }
    },
    close: async () => {
      for (const close of opened.reverse()) await close()
    },
  }
}
