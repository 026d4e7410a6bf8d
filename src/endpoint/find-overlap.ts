import type { EndpointPlan } from '../model/endpoint-plan.ts'
import { bodyTypes } from '../model/body-types.ts'
import { carriesMetadata, type Operation } from '../model/operation.ts'

/** A request that two endpoints would take. */
export interface Overlap {
  /** Such as `a read with a certificate of trust obie`. */
  readonly request: string
  /** What else would tell the two apart. */
  readonly hint: string | null
}

/** An authority that two sets of trusted issuers hold; null when there is none. */
export type FindSharedAuthority = (trust: string, other: string) => string | null

const SAME_CERTIFICATES =
  'the certificate is looked at before the statement: endpoints that only statements tell apart need the same trustedIssuers and policies with the same clientCertificate'

/**
 * The first request that both endpoints would take, so that it would depend on chance or on the registrant which policy judges it; null when
 * there is none. It looks at what the choice at run time looks at, in its order: whatever comes here in vain comes there in vain.
 */
export function findOverlap(
  left: EndpointPlan,
  right: EndpointPlan,
  findSharedAuthority: FindSharedAuthority,
): Overlap | null {
  if (left.host !== right.host || left.path !== right.path) return null
  const certificate = commonCertificate(left, right, findSharedAuthority)
  if (certificate === null) return null
  for (const operation of common(left.operations, right.operations)) {
    const types = carriesMetadata(operation) ? common(bodyTypes(left, operation), bodyTypes(right, operation)) : [null]
    const [type] = types
    if (type === undefined) continue
    const head = `${operation === 'update' ? 'an' : 'a'} ${operation}${type === null ? '' : ` as ${type}`} ${certificate}`
    if (!carriesMetadata(operation)) return { request: head, hint: null }
    const statement = commonStatement(left, right, operation)
    if (statement !== null) return { request: `${head} and ${statement}`, hint: null }
    if (identificationKey(left) !== identificationKey(right)) return { request: head, hint: SAME_CERTIFICATES }
  }
  return null
}

/** Equal for endpoints that know their clients by the same certificates, so that one identification serves both. */
export function identificationKey({ trust, policy }: Pick<EndpointPlan, 'trust' | 'policy'>): string {
  return JSON.stringify([trust, policy.certificate])
}

/**
 * What a client may present that both accept. Demands on certificates beyond their issuers tell no endpoints apart: a certificate may meet
 * those of both.
 */
export function commonCertificate(
  left: EndpointPlan,
  right: EndpointPlan,
  findSharedAuthority: FindSharedAuthority,
): string | null {
  if (left.trust === right.trust) return `with a certificate of trust ${left.trust}`
  const shared = findSharedAuthority(left.trust, right.trust)
  if (shared !== null) return `with a certificate of ${shared}, which trust ${left.trust} and trust ${right.trust} hold`
  const optional = !left.policy.certificate.required && !right.policy.certificate.required
  return optional ? 'without client certificate' : null
}

function commonStatement(left: EndpointPlan, right: EndpointPlan, operation: Operation): string | null {
  const modes = [left.statementMode[operation], right.statementMode[operation]]
  if (!modes.includes('required')) return 'without software statement'
  const [issuer] = modes.includes('forbidden') ? [] : commonIssuers(left.statementIssuers, right.statementIssuers)
  return issuer === undefined ? null : `with a software statement of ${issuer}`
}

function common<T>(left: readonly T[], right: readonly T[]): readonly T[] {
  return left.filter((one) => right.includes(one))
}

function commonIssuers(left: readonly string[] | null, right: readonly string[] | null): readonly string[] {
  if (left === null || right === null) return left ?? right ?? ['any issuer']
  return common(left, right)
}
