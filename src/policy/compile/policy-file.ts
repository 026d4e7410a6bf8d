import type { DocumentRead } from '../../document/read-document.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'

/** One policy.yaml that was read without faults. */
export interface PolicyFile {
  readonly file: string
  readonly text: string
  readonly content: PolicyFileContent
  readonly locate: DocumentRead<PolicyFileContent>['locate']
  /** Texts of the JWKS files that it names, by their name; without those that could not be had. */
  readonly keyFiles: ReadonlyMap<string, string>
  readonly locateInText: DocumentRead<PolicyFileContent>['locateInText']
}

/** Something a policy says, with the place where it says it, so that a fault can point there. */
export interface Sourced<T> {
  readonly source: PolicyFile
  readonly path: readonly (string | number)[]
  readonly value: T
}
