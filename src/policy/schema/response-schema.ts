import { z } from 'zod'
import { SERVER_MEMBERS } from '../../model/server-members.ts'
import { effectValue } from './effect-schema.ts'
import { answerHeaderName, expression, memberName } from './values.ts'

const givenMember = memberName
  .refine((member) => !SERVER_MEMBERS.has(member), 'a member that the identity server does not give itself')
  .refine(
    (member) => member !== 'software_statement',
    'a member other than software_statement, which echoStatement gives',
  )
// RFC 7591 section 3.2.1 demands it, and nobody could manage the client without it.
const keptBack = memberName.refine((member) => member !== 'client_id', 'a member other than client_id')

const success = z
  .strictObject({
    create: z.strictObject({ status: z.literal([200, 201, 202, 204]) }).optional(),
    update: z.strictObject({ status: z.literal([200, 202, 204]) }).optional(),
    delete: z
      .strictObject({
        status: z.literal([200, 202, 204]),
        body: expression.optional().describe('a map, the body of the answer; none when left out'),
      })
      .refine(({ status, body }) => status !== 204 || body === undefined, {
        path: ['body'],
        error: 'no body, since 204 has none (RFC 9110 section 15.3.5)',
      })
      .optional(),
  })
  .describe('statuses of success where a regime has others than RFC 7591 and 7592; with 204 there is no body')

export const response = z
  .strictObject({
    echoStatement: z
      .boolean()
      .optional()
      .describe('answers hold the software statement of the request, unmodified (RFC 7591 section 3.2.1)'),
    flattenStatement: z
      .boolean()
      .optional()
      .describe('answers hold the claims of the software statement, where they have no member of that name'),
    remove: z.array(keptBack).min(1).optional().describe("members of the identity server's answer that stay inside"),
    set: z
      .record(givenMember, effectValue)
      .optional()
      .describe('members of the answer; an optional without value gives none'),
    headers: z.record(answerHeaderName, expression).optional().describe('headers of the answer, of strings'),
    success: success.optional(),
  })
  .describe('how the answer to a granted request differs from that of the identity server')

export type ResponseContent = z.infer<typeof response>
