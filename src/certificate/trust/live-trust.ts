import type { TrustStore } from './trust-store.ts'

/** The trusted issuers of one folder that are in force; a store itself never changes, it is replaced whole. */
export class LiveTrust {
  #current: TrustStore

  constructor(store: TrustStore) {
    this.#current = store
  }

  get current(): TrustStore {
    return this.#current
  }

  replace(store: TrustStore): void {
    this.#current = store
  }
}
