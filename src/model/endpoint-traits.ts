import type { Operation } from './operation.ts'
import type { StatementMode } from './policy.ts'

/**
 * What tells the requests of one endpoint from those of others, client certificates aside. A registrant chooses among endpoints by what he
 * sends, and cannot choose a laxer judge by it: whichever endpoint that leads him to, its own stages hold him to its operations, its
 * trusted issuers and its directories.
 */
export interface EndpointTraits {
  /** In lower case, without port; null where no endpoint of the gateway names one, so that any will do. */
  readonly host: string | null
  readonly path: string
  readonly operations: readonly Operation[]
  /** Of bodies with metadata: in lower case, without parameters. */
  readonly contentTypes: readonly string[]
  /** Whether a software statement must or may come with an operation. */
  readonly statementMode: Readonly<Record<Operation, StatementMode>>
  /** Whether an operation with a body must or may be signed itself. */
  readonly signatureMode: Readonly<Record<Operation, StatementMode>>
  /** Values of `iss` that are taken, of all directories together; null where any may be. */
  readonly statementIssuers: readonly string[] | null
}
