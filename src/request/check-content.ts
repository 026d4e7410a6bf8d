import { refuse, type Refusal } from '../model/refusal.ts'
import { malformedHeader, type RequestHeaders } from './request-headers.ts'

/** Whether a body was announced, and with how many bytes; null when its end is left open. */
export interface Framing {
  readonly announcedBytes: number | null
}

/**
 * What a content coding would hide from the policy is not for the identity server either.
 *
 * @throws Refusal `content-encoding-unsupported`, `request-malformed`
 */
export function checkContentEncoding(headers: RequestHeaders): void {
  const coding = headers.single('content-encoding')
  if (coding !== null && coding.toLowerCase() !== 'identity') throw unsupportedEncoding()
}

/**
 * How the end of the body is found (RFC 9112 section 6.3). Two ways at once, or a transfer coding besides chunked, are how requests are
 * smuggled past a proxy; the HTTP parser refuses them as well.
 *
 * @throws Refusal `request-malformed`
 */
export function parseFraming(headers: RequestHeaders): Framing {
  const length = headers.single('content-length')
  const coding = headers.single('transfer-encoding')
  if (coding !== null && length !== null)
    throw malformedHeader('content-length', 'the header does not go with transfer-encoding')
  if (coding !== null && coding.toLowerCase() !== 'chunked')
    throw malformedHeader('transfer-encoding', 'the only transfer coding taken is chunked')
  if (length !== null && !/^\d{1,15}$/.test(length))
    throw malformedHeader('content-length', 'the header is not a number')
  if (coding !== null) return { announcedBytes: null }
  return { announcedBytes: Number(length ?? 0) }
}

function unsupportedEncoding(): Refusal {
  return refuse({
    reason: 'content-encoding-unsupported',
    at: 'header content-encoding',
    message: 'the body is encoded',
    wanted: 'identity',
  })
}
