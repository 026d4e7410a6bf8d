import { z } from 'zod'
import { expression } from './values.ts'

export const client = z
  .strictObject({
    key: expression
      .optional()
      .describe('names the software that a client is for, as text; an optional without value, or empty text: none'),
    single: z
      .union([z.boolean(), expression], { error: 'true, false, or an expression over parameters' })
      .optional()
      .describe(
        'whether there may be one live client alone of a key, also as an expression over parameters; true when left out',
      ),
    owner: expression
      .optional()
      .describe(
        'names the party that a certificate is of, by what stays when it is renewed (certificate, parameters, now); its subject when left out',
      ),
    registered: expression
      .optional()
      .describe(
        'the same text, by what the identity server has of a client (registered, parameters, now), for clients that were there before the gateway',
      ),
  })
  .describe('which software a client is for, and whose it is')

export type ClientContent = z.infer<typeof client>
