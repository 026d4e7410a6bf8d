import type { Killable, KillableOptions } from '../killable.ts'

/** Where the gateways remember: one Redis, which comes back as it was, or several, of which another takes the place of one that dies. */
export type StoreKind = 'single' | 'sentinel' | 'cluster'

export interface Store {
  /** Where relays on the way to it lead; null where the gateways are told its addresses by itself, and go there straight. */
  readonly port: number | null
  /** Where it is, as the section `state` of a gateway's settings says it, and what the environment adds; `port` is that of the gateway's relay. */
  readonly place: (port: number) => { readonly state: object; readonly environment: Readonly<Record<string, string>> }
  readonly start: () => Promise<void>
  /** SIGKILL of the one that the gateways write to, or of one of those. It comes back after `downMs` at the least. */
  readonly kill: (downMs: number) => void
  /** Resolves when it would lose nothing if another one died. */
  readonly whenUp: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type MakeKillable = (name: string, launch: KillableOptions['launch']) => Killable

export interface StoreOptions {
  readonly folder: string
  readonly killable: MakeKillable
}
