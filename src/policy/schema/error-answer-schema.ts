import { z } from 'zod'
import { expression } from './values.ts'

export const errorAnswer = z
  .strictObject({
    contentType: z
      .string()
      .regex(/^application\/(?:[a-z0-9][a-z0-9.-]{0,40}\+)?json$/, 'application/json or application/...+json')
      .optional()
      .describe('application/json when left out'),
    body: expression.describe('a map over error and findings, the body of every refusal'),
  })
  .describe("the regime's own form of an error; that of RFC 7591 section 3.2.2 when left out")
