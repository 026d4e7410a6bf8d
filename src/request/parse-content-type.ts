import type { StatementMode } from '../model/policy.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { RequestHeaders } from './request-headers.ts'

/** What a body may be, for one operation. */
export interface AcceptedContent {
  /** Whether it must, may or must not be signed. */
  readonly mode: StatementMode
  /** Media types of signed requests, in lower case; none where the policy knows of no such thing. */
  readonly signedTypes: readonly string[]
}

export interface BodyContent {
  /** Media type in lower case, without parameters. */
  readonly type: string
  readonly isSigned: boolean
}

const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i
/** A JWS is ASCII in any character set, and what it holds is UTF-8 whatever is said: parameters change nothing. */
const MEDIA_TYPE = /^([a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+)[ \t]*(?:;[\t\x20-\x7e]*)?$/i

/** The media type in lower case, without parameters; null when there is none that can be read. @throws Refusal `request-malformed` */
export function readContentType(headers: RequestHeaders): string | null {
  return MEDIA_TYPE.exec(headers.single('content-type') ?? '')?.[1]?.toLowerCase() ?? null
}

/**
 * Whether the body is plain JSON or one JWS, by its announced type and never by what it looks like: who could choose how a body is read
 * could choose whether it must be signed.
 *
 * @throws Refusal `request-malformed`, `content-type-unsupported`, `request-unsigned`, `request-signature-forbidden`
 */
export function parseContentType(headers: RequestHeaders, { mode, signedTypes }: AcceptedContent): BodyContent {
  const type = readContentType(headers)
  if (type !== null && signedTypes.includes(type)) {
    if (mode === 'forbidden') throw signatureForbidden(type)
    return { type, isSigned: true }
  }
  if (type === null || !JSON_TYPE.test(headers.single('content-type') ?? '')) throw unsupportedType(mode, signedTypes)
  if (mode === 'required') throw unsigned(signedTypes)
  return { type, isSigned: false }
}

export function signatureForbidden(found: string): Refusal {
  return refuse({
    reason: 'request-signature-forbidden',
    at: 'header content-type',
    message: 'the request must not be signed here',
    wanted: 'application/json',
    found,
  })
}

export function unsigned(signedTypes: readonly string[]): Refusal {
  return refuse({
    reason: 'request-unsigned',
    at: 'header content-type',
    message: 'the request must be signed',
    wanted: signedTypes.join(' or '),
    found: 'application/json',
  })
}

function unsupportedType(mode: StatementMode, signedTypes: readonly string[]): Refusal {
  const accepted = [...(mode === 'required' ? [] : ['application/json']), ...(mode === 'forbidden' ? [] : signedTypes)]
  return refuse({
    reason: 'content-type-unsupported',
    at: 'header content-type',
    message: `the body is not announced as ${mode === 'forbidden' ? 'JSON' : 'one of the types that are taken'}`,
    wanted: accepted.join(' or '),
  })
}
