import { z } from 'zod'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { secretReference } from './secret-reference.ts'

const key = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits and characters of . _ -')
    .describe('What the key is called in what it seals; never given to another key.'),
  secret: secretReference.describe('Key of 32 random bytes as base64url or hex, such as `openssl rand -hex 32` gives.'),
})

const apart: WholeRule = ({ keys }, report) => {
  const ids = Array.isArray(keys) ? (keys as readonly ({ id?: unknown } | null)[]).map((entry) => entry?.id) : []
  for (const [index, id] of ids.entries())
    if (typeof id === 'string' && ids.indexOf(id) < index) report(['keys', index, 'id'], 'an id of its own', id)
}

export const sealingSchema = checkWhole(
  z.strictObject({
    keys: z
      .array(key)
      .min(1)
      .max(20)
      .describe(
        'The first one seals, all of them open. To change it, put the new one first and keep the old ones: registrants hold management tokens that they sealed for as long as their clients live.',
      ),
  }),
  apart,
)
