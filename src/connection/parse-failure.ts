import type { Reason } from '../model/reasons.ts'
import { refuse, type Refusal } from '../model/refusal.ts'

/**
 * The refusal for an error that node:http met in what came in, by its code; null when it is the connection itself that failed, so that
 * nobody is there to be answered.
 *
 * @param inBody whether the head of the request was read already
 */
export function refusalOfFailure(code: string, inBody: boolean): Refusal | null {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refusalFor('request-headers-too-large', 'the headers are too large', code)
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusalFor('request-too-slow', 'the request took too long to arrive', code)
    case 'HPE_INVALID_EOF_STATE':
      return inBody ? refusalFor('body-incomplete', 'the body ended too early', code) : null
    default:
      return code.startsWith('HPE_')
        ? refusalFor('request-malformed', 'the request is not well-formed HTTP/1.1', code)
        : null
  }
}

function refusalFor(reason: Reason, message: string, detail: string): Refusal {
  return refuse({ reason, at: 'request', message, detail })
}
