import type { ReasonOverrides } from '../model/reasons.ts'
import type { Operation } from '../model/operation.ts'
import type { CertificateDemand, Directory, StatementDemand } from '../model/policy.ts'
import type { CompiledExpression } from './expression/compile-expression.ts'
import type { Declarations, VariablesMaker } from './expression/declarations.ts'
import type { MemberType } from './member-type.ts'
import type { ParameterContent } from './schema/parameter-schema.ts'

/** A rule ready to judge. */
export interface CompiledRule {
  readonly id: string
  readonly title: string
  readonly clause: string | null
  readonly on: ReadonlySet<Operation>
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
  readonly statement: StatementDemand
  readonly directories: readonly Directory[]
  readonly reasons: ReasonOverrides
  readonly declarations: Declarations
  readonly members: ReadonlyMap<string, MemberType>
  readonly refusesUnknownMembers: boolean
  readonly claims: ReadonlyMap<string, MemberType>
  readonly parameters: ReadonlyMap<string, DeclaredParameter>
  readonly variables: ReadonlyMap<string, CompiledExpression>
  readonly makeVariables: VariablesMaker
  readonly effects: readonly CompiledEffect[]
  readonly scopes: CompiledScopes | null
  readonly rules: readonly CompiledRule[]
  readonly headers: ReadonlyMap<string, CompiledExpression>
  readonly reservation: CompiledExpression | null
}
