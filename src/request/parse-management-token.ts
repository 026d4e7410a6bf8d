import { MANAGEMENT_TOKEN_CHARACTERS } from '../model/managed-client.ts'
import type { Operation } from '../model/operation.ts'
import { refuse } from '../model/refusal.ts'
import { Secret } from '../model/secret.ts'
import type { RequestHeaders } from './request-headers.ts'

const BEARER = /^bearer(?: |$)/i
/** RFC 6750 section 2.1. */
const CREDENTIALS = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * Reads the registration access token that RFC 7592 asks for. Null for create: whatever a registrant sends there is not the gateway's to
 * judge, and is not forwarded.
 *
 * @throws Refusal `management-token-required`, `management-token-malformed`, `request-malformed`
 */
export function parseManagementToken(operation: Operation, headers: RequestHeaders): Secret | null {
  const credentials = headers.single('authorization')
  if (operation === 'create') return null
  const at = 'header authorization'
  if (credentials === null || !BEARER.test(credentials))
    throw refuse({ reason: 'management-token-required', at, message: 'the registration access token is missing' })
  const token = CREDENTIALS.exec(credentials)?.[1]
  if (token === undefined || token.length > MANAGEMENT_TOKEN_CHARACTERS)
    throw refuse({
      reason: 'management-token-malformed',
      at,
      message: 'the registration access token is not a bearer token',
    })
  return new Secret(token)
}
