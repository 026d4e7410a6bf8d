/** The store cannot be asked: away, not answering in time, full, or closed. What it was asked may have happened all the same. */
export class RegistryUnavailable extends Error {
  /** For the operator: a bare error code (`ECONNREFUSED`, `WRONGPASS`) or a fixed phrase, never text that could carry credentials. */
  readonly detail: string

  constructor(detail: string) {
    super(`the registry is unavailable: ${detail}`)
    this.name = 'RegistryUnavailable'
    this.detail = detail
  }
}
