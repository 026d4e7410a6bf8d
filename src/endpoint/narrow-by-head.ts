import { bodyTypes, JSON_TYPE } from '../model/body-types.ts'
import { carriesMetadata, type Operation } from '../model/operation.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { Endpoint, Stages } from '../model/stages.ts'

/** What the head of a request says of its body. */
export interface ContentHead {
  readonly operation: Operation
  /** In lower case, without parameters; null when there is none. */
  readonly contentType: string | null
}

/**
 * The endpoints that take an operation with such a body.
 *
 * @throws Refusal `method-not-allowed` (RFC 9110 section 15.5.6), `content-type-unsupported` (15.5.16), `request-unsigned`,
 * `request-signature-forbidden` when there is none
 */
export function narrowByHead(
  endpoints: readonly Stages[],
  { operation, contentType }: ContentHead,
): readonly [Stages, ...Stages[]] {
  const offering = endpoints.filter(({ endpoint }) => endpoint.operations.includes(operation))
  if (offering.length === 0) throw notOffered(operation, endpoints)
  const [first, ...others] = offering.filter(({ endpoint }) => takesBody(endpoint, operation, contentType))
  if (first === undefined) throw unsupportedType(offering, { operation, contentType })
  return [first, ...others]
}

function takesBody(endpoint: Endpoint, operation: Operation, contentType: string | null): boolean {
  return !carriesMetadata(operation) || (contentType !== null && bodyTypes(endpoint, operation).includes(contentType))
}

const MANAGEMENT_METHODS = [
  ['read', 'GET'],
  ['update', 'PUT'],
  ['delete', 'DELETE'],
] as const satisfies readonly (readonly [Operation, string])[]

/** `wanted` becomes the Allow of the answer: methods of the same target, which for a registration are none but the one that is not taken. */
function notOffered(operation: Operation, endpoints: readonly Stages[]): Refusal {
  const offered = new Set(endpoints.flatMap(({ endpoint }) => endpoint.operations))
  const methods = MANAGEMENT_METHODS.flatMap(([name, method]) => (offered.has(name) ? [method] : []))
  const message = operation === 'create' ? 'clients are not registered here' : `${operation} is not offered here`
  const wanted = operation === 'create' ? '' : methods.join(', ')
  return refuse({ reason: 'method-not-allowed', at: 'method', message, ...(wanted === '' ? {} : { wanted }) })
}

function unsupportedType(offering: readonly Stages[], { operation, contentType }: ContentHead): Refusal {
  const types = [...new Set(offering.flatMap(({ endpoint }) => bodyTypes(endpoint, operation)))]
  const place = { at: 'header content-type', wanted: types.join(' or ') }
  if (contentType === JSON_TYPE && offering.every(({ endpoint }) => endpoint.signatureMode[operation] === 'required'))
    return refuse({ reason: 'request-unsigned', message: 'the request must be signed', ...place, found: contentType })
  // Whoever may sign, under another type, was only wrong about the type.
  if (isSignedType(contentType, offering) && types.every((type) => type === JSON_TYPE)) {
    const message = 'the request must not be signed here'
    return refuse({ reason: 'request-signature-forbidden', message, ...place, found: contentType })
  }
  const message = 'the body is not announced as one of the types that are taken here'
  return refuse({ reason: 'content-type-unsupported', message, ...place })
}

/** Under which one of them takes signed bodies of whatever operation. */
function isSignedType(type: string | null, offering: readonly Stages[]): type is string {
  if (type === null || type === JSON_TYPE) return false
  return offering.some(({ endpoint }) => endpoint.contentTypes.includes(type))
}
