import { z } from 'zod'
import { errorCode, expression, line, memberType } from './values.ts'

const host = z
  .string()
  .regex(
    /^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})){1,20}$/,
    'a host name such as keys.example, or *.example for all below',
  )

export const lookup = z
  .strictObject({
    url: expression.describe(
      'address of the document, of what was sent and what is verified (requested, statement, request, certificate, parameters); nothing is fetched where an optional has no value',
    ),
    hosts: z
      .union([z.literal('any'), z.array(host).min(1).max(100)], { error: 'any, or a list of host names' })
      .describe(
        'whose documents may be fetched: exact names, or *.example.com for all names below; any for whatever the registrant names',
      ),
    type: z
      .union([z.literal('jwks'), memberType], { error: 'jwks, or a type such as list(string)' })
      .describe(
        'what the document must be: a JSON value of that type, or a JWK Set (RFC 7517 section 5), which expressions see as list(Key)',
      ),
    onFailure: z
      .enum(['refuse', 'absent'])
      .optional()
      .describe(
        'what follows where the document cannot be had: the registration is refused, or rules see no value; refuse when left out',
      ),
    at: line.optional().describe('member or claim that names the address'),
    clause: line.optional().describe('where the regime demands it'),
    error: errorCode.optional(),
  })
  .describe('a document that is fetched before the decision, so that rules can name what it says')

export type LookupContent = z.infer<typeof lookup>
