import type { ReasonOverrides } from '../model/reasons.ts'
import type { Operation } from '../model/operation.ts'
import type { CertificateDemand, Directory, SignedRequestDemand, StatementDemand } from '../model/policy.ts'
import type { CompiledExpression } from './expression/compile-expression.ts'
import type { Declarations } from './expression/declarations.ts'
import type { LookupType } from './lookup/lookup-type.ts'
import type { MemberType } from './member-type.ts'
import type { ClientContent } from './schema/client-schema.ts'
import type { ParameterContent } from './schema/parameter-schema.ts'

/** A rule ready to judge. */
export interface CompiledRule {
  readonly id: string
  readonly title: string
  readonly clause: string | null
  readonly on: ReadonlySet<Operation>
  /** Classes of certificates it applies to; null for all, and for none. */
  readonly certificate: ReadonlySet<string> | null
  readonly when: CompiledExpression | null
  readonly require: CompiledExpression
  readonly at: string
  readonly message: string
  readonly wanted: CompiledExpression | null
  readonly found: CompiledExpression | null
  readonly error: string | null
  readonly description: string | null
  readonly status: number | null
  readonly enforced: boolean
  /** First and last moment the rule is in force; null for no bound. */
  readonly from: Date | null
  readonly until: Date | null
  /** Name of the policy that declares it: where its cases must stand. */
  readonly declaredBy: string
}

export interface CompiledEffect {
  readonly on: ReadonlySet<Operation>
  readonly when: CompiledExpression | null
  /** Old name to new. */
  readonly renames: ReadonlyMap<string, string>
  readonly defaults: ReadonlyMap<string, CompiledExpression>
  readonly sets: ReadonlyMap<string, CompiledExpression>
  readonly removes: readonly string[]
}

export interface CompiledScopes {
  readonly id: string
  readonly clause: string | null
  readonly always: readonly string[]
  readonly grantedBy: CompiledExpression | null
  readonly roles: ReadonlyMap<string, readonly string[]>
  readonly prefixes: CompiledExpression | null
  readonly restrict: CompiledExpression | null
  readonly declaredBy: string
}

/** Kinds of certificates, told apart before any rule. */
export interface CertificateClasses {
  /** Conditions by name, in the order in which they are asked. */
  readonly classes: ReadonlyMap<string, CompiledExpression>
  /** A certificate of none of them is refused. */
  readonly refusesOthers: boolean
}

/** Which software a client is for, and whose it is; null where the policy does not say. */
export interface CompiledClient {
  readonly key: CompiledExpression | null
  /** Over parameters alone. */
  readonly single: CompiledExpression | boolean
  /** Over certificate, parameters and now; null for the subject. */
  readonly owner: CompiledExpression | null
  /** Over registered, parameters and now. */
  readonly registered: CompiledExpression | null
  /** Names of the policies that declare what is declared: where its cases must stand. */
  readonly declaredBy: Readonly<Partial<Record<ClientPart, string>>>
}

export type ClientPart = keyof ClientContent

/** What may happen only once. At least one of `until` and `holdsSeconds` is not null. */
export interface CompiledOnce {
  readonly id: string
  readonly clause: string | null
  readonly on: ReadonlySet<Operation>
  readonly when: CompiledExpression | null
  readonly key: CompiledExpression
  readonly until: CompiledExpression | null
  readonly holdsSeconds: number | null
  readonly at: string
  readonly message: string
  readonly error: string | null
  readonly status: number | null
  readonly declaredBy: string
}

/** How answers to granted requests differ from those of the identity server. */
export interface CompiledResponse {
  readonly echoesStatement: boolean
  readonly flattensStatement: boolean
  readonly removes: readonly string[]
  readonly sets: ReadonlyMap<string, CompiledExpression>
  readonly headers: ReadonlyMap<string, CompiledExpression>
  /** For operations that answer otherwise than the RFCs say. */
  readonly statuses: ReadonlyMap<Operation, number>
  readonly deletionBody: CompiledExpression | null
}

export interface CompiledErrorAnswer {
  readonly contentType: string
  readonly body: CompiledExpression
}

/** A document to be fetched before the decision. */
export interface CompiledLookup {
  readonly name: string
  readonly url: CompiledExpression
  /** Null for any. */
  readonly hosts: readonly string[] | null
  readonly type: LookupType
  /** Whether a registration is refused when the document cannot be had. */
  readonly refuses: boolean
  readonly at: string
  readonly clause: string | null
  readonly error: string | null
}

/** What is demanded of signed requests, before parameters have values. */
export interface CompiledSignedRequest extends Omit<SignedRequestDemand, 'keys' | 'audience' | 'claims'> {
  readonly keys:
    | {
        readonly kind: 'address'
        readonly uri: CompiledExpression
        /** Null for any host. */
        readonly hosts: readonly string[] | { readonly parameter: string } | null
      }
    | { readonly kind: 'chain'; readonly trust: string }
  readonly audience: CompiledExpression | null
}

/** A switch of the policy, with the type its values must have. */
export interface DeclaredParameter extends ParameterContent {
  readonly memberType: MemberType
}

/** A policy with its inheritance resolved and every expression compiled; not yet bound to parameter values. */
export interface CompiledPolicy {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly sha256: string
  readonly certificate: CertificateDemand
  readonly certificateClasses: CertificateClasses | null
  readonly statement: StatementDemand
  readonly directories: readonly Directory[]
  readonly reasons: ReasonOverrides
  readonly declarations: Declarations
  readonly members: ReadonlyMap<string, MemberType>
  readonly refusesUnknownMembers: boolean
  readonly claims: ReadonlyMap<string, MemberType>
  /** Null where requests are never signed. */
  readonly signedRequest: CompiledSignedRequest | null
  readonly requestClaims: ReadonlyMap<string, MemberType>
  readonly parameters: ReadonlyMap<string, DeclaredParameter>
  readonly variables: ReadonlyMap<string, CompiledExpression>
  /** Names of those that anything of the policy names, by itself or by way of others. */
  readonly variablesNamed: ReadonlySet<string>
  /** Names of those that do not look at the metadata, by themselves or by way of others: no effect changes them. */
  readonly steadyVariables: ReadonlySet<string>
  /** Those that an expression in force names. */
  readonly lookups: readonly CompiledLookup[]
  readonly effects: readonly CompiledEffect[]
  readonly scopes: CompiledScopes | null
  readonly rules: readonly CompiledRule[]
  readonly headers: ReadonlyMap<string, CompiledExpression>
  readonly client: CompiledClient
  readonly once: readonly CompiledOnce[]
  readonly response: CompiledResponse
  readonly errorAnswer: CompiledErrorAnswer | null
}
