import type { FetchProblem } from './fetch-failure.ts'
import type { AddressChoice } from './fetch-place.ts'

/** What a document is fetched for; also a label of the metrics, so the list is closed. */
export type FetchPurpose = 'lookup' | 'server-metadata'

/** For the operator's log and metrics; hosts alone of addresses, since a path can hold what is nobody's business. */
export type EgressEvent =
  | { readonly kind: 'fetched'; readonly purpose: FetchPurpose; readonly host: string; readonly ms: number }
  | {
      readonly kind: 'fetch-failed'
      readonly purpose: FetchPurpose
      readonly host: string
      readonly ms: number
      readonly problem: FetchProblem
      readonly detail: string
    }
  /** What was fetched before goes on serving, since nothing newer can be had. */
  | { readonly kind: 'fetch-stale-used'; readonly purpose: FetchPurpose; readonly host: string }
  | {
      readonly kind: 'fetch-host-rests'
      readonly choice: AddressChoice
      readonly host: string
      readonly restMs: number
    }
  | { readonly kind: 'fetch-turned-away'; readonly choice: AddressChoice; readonly host: string }
