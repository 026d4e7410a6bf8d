import { z } from 'zod'
import { redisSchema } from './redis-schema.ts'
import { milliseconds } from './values.ts'

const kindWords = 'Where several gateways agree on what is under way: memory for a single process, redis for more.'
const reservationTtlMs = milliseconds
  .default(60_000)
  .describe(
    'How long a registration keeps others of the same software out if its gateway dies, in milliseconds; longer than upstream.timeoutMs.',
  )

const memory = z.strictObject({ kind: z.literal('memory').describe(kindWords), reservationTtlMs })

const redis = redisSchema({ kind: z.literal('redis').describe(kindWords), reservationTtlMs })

export const stateSchema = z.discriminatedUnion('kind', [memory, redis])
