import { z } from 'zod'
import { redisSchema } from './redis-schema.ts'
import { milliseconds } from './values.ts'

const kindWords = 'Where several gateways agree on what is under way: memory for a single process, redis for more.'
const reservationTtlMs = milliseconds
  .default(60_000)
  .describe(
    'How long a registration keeps others of the same software out if its gateway dies, in milliseconds; longer than upstream.timeoutMs.',
  )

const recovery = z
  .enum(['replay', 'rollback'])
  .default('replay')
  .describe(
    'What becomes of a registration whose answer may not have arrived when the same registrant sends it again: replay gives the same answer again, rollback removes the client at the identity server and registers anew.',
  )
const recoveryMs = milliseconds
  .default(600_000)
  .describe(
    'How long after it was granted a registration can be sent again like that, in milliseconds; as long its answer is kept, sealed.',
  )
const sweepIntervalMs = milliseconds
  .default(10_000)
  .describe('How often registrations are settled that nobody came back for, in milliseconds.')
const without = (what: string, fallback: 'refuse' | 'allow') =>
  z.enum(['refuse', 'allow']).default(fallback).describe(`${what} refuse answers 503, allow goes on without.`)
const whenUnavailable = z
  .strictObject({
    registrations: without(
      'Registrations and deletions of which nothing can be remembered: one client for each software, and nothing lost.',
      'refuse',
    ),
    usedOnce: without('Requests with something in them that may be used once.', 'refuse'),
    rates: without('Requests whose rate cannot be looked up; each process counts alone then.', 'allow'),
  })
  .prefault({})
  .describe('What is done while the store is away.')
const registrations = { reservationTtlMs, recovery, recoveryMs, sweepIntervalMs, whenUnavailable }

const memory = z.strictObject({ kind: z.literal('memory').describe(kindWords), ...registrations })

const redis = redisSchema({ kind: z.literal('redis').describe(kindWords), ...registrations })

export const stateSchema = z.discriminatedUnion('kind', [memory, redis])
