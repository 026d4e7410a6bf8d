/** What a verified list says of itself (TS 119 612 section 5.3). */
export interface ListScheme {
  /** Two capital letters, `EL` and `UK` among them. */
  readonly territory: string
  readonly operator: string
  readonly sequenceNumber: number
  readonly issued: Date
  readonly nextUpdate: Date
}

/** One trust service as it stands now; its history is not read (TS 119 612 section 5.5). */
export interface ListedService {
  readonly provider: string
  readonly name: string
  readonly type: string
  readonly status: string
  /** Null when the list gives no time that can be read. */
  readonly since: Date | null
  /** Of the additional service information extension, such as `.../SvcInfoExt/ForWebSiteAuthentication`. */
  readonly purposes: readonly string[]
  /** Names of critical extensions that are not known here. */
  readonly unknownCritical: readonly string[]
  /** Base64, not yet looked at. */
  readonly certificates: readonly string[]
}

export interface TrustedList {
  readonly scheme: ListScheme
  readonly services: readonly ListedService[]
}
