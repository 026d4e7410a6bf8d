import { z } from 'zod'
import { isAnswerHeader, isReservedHeader } from '../../model/reserved-headers.ts'
import { innermostName } from '../parse-member-type.ts'

export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of lower-case letters, digits and hyphens')
export const line = z.string().min(1).max(500)
export const expression = z.string().min(1).max(4000).describe('a CEL expression')
export const memberName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a member name of letters, digits and underscores')
export const memberType = z
  .string()
  .refine(
    (text) => innermostName(text) !== null,
    'a type: string, bool, int, double, timestamp, dyn, list(T), map(string, T), a vocabulary, words(vocabulary) or one of types',
  )
export const claimPath = z
  .string()
  .max(500)
  .regex(/^[^.\p{Cc}]+(?:\.[^.\p{Cc}]+){0,7}$/u, 'a path of names with dots in between, such as organisation.id')
const operation = z.enum(['create', 'read', 'update', 'delete'])
export const on = z.array(operation).min(1).describe('operations it applies to; create and update when left out')
export const errorCode = z
  .string()
  .regex(/^[a-z][a-z_]{2,63}$/, 'an error code such as invalid_client_metadata')
  .describe("error of the answer (RFC 7591 section 3.2.2, or the regime's own)")
export const status = z.int().min(400).max(499)
export const httpsUrl = z.url({ protocol: /^https$/ })

export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name of letters, digits and hyphens')
  // A policy that could set these would be believed where the gateway verified nothing.
  .refine((header) => !isReservedHeader(header), 'a header that says nothing of identity, framing or routing')

export const answerHeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name of letters, digits and hyphens')
  .refine(isAnswerHeader, 'a header that a policy may set: x-..., content-language, deprecation, link or sunset')
