import type { Json, JsonObject } from './json.ts'
import type { Proven } from './proof.ts'
import type { Finding } from './refusal.ts'

/** A document that the rules of a policy need to know. */
export interface LookupDemand {
  readonly name: string
  /** Exact names, or `*.example.com` for all names below; null where the registrant may name any host. */
  readonly hosts: readonly string[] | null
  /** Throws for a document of another kind; its message is ours, and quotes nothing of the document. */
  readonly parse: (document: Buffer) => Json
}

/** Where values come from, so that deciding what to ask needs no network. */
export interface LookupSources {
  /** The parsed document at an address; rejects with FetchFailure. */
  readonly fetch: (lookup: string, url: string) => Promise<Json>
  /** What is known of the identity server; null while nothing is. */
  readonly server: () => JsonObject | null
  /** Whether what would look at that is refused while nothing is known. */
  readonly isServerDemanded: boolean
}

/** What became of one look-up, for the audit record. */
export interface LookupOutcome {
  readonly lookup: string
  readonly host: string
  /** Why there is no value, where the policy goes on without one; null when there is one. */
  readonly problem: string | null
}

/** A document that could not be had and that the policy does not do without; told with all else that is wrong with the request. */
export interface LookupFailure {
  readonly lookup: string
  readonly finding: Finding
}

export interface LookupFacts {
  /** Values by the name of their look-up; those that have none are absent. */
  readonly values: JsonObject
  readonly failures: readonly LookupFailure[]
  /** Metadata of the identity server (RFC 8414); null while they are not known. */
  readonly server: JsonObject | null
  readonly outcomes: readonly LookupOutcome[]
}

/** What was fetched for this one decision, of verified parties' addresses and within the policy's bounds; made by policy/ alone. */
export type LookedUp = Proven<'lookups', LookupFacts>
