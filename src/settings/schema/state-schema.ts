import { z } from 'zod'
import { checkWhole } from './check-whole.ts'
import { clientCertificateKeys, wholeClientCertificate } from './client-certificate-keys.ts'
import { secretReference } from './secret-reference.ts'
import { milliseconds, path } from './values.ts'

const kindWords = 'Where several gateways agree on what is under way: memory for a single process, redis for more.'
const reservationTtlMs = milliseconds
  .default(60_000)
  .describe(
    'How long a registration keeps others of the same software out if its gateway dies, in milliseconds; longer than upstream.timeoutMs.',
  )

const whenUnavailable = z
  .strictObject({
    rates: z
      .enum(['refuse', 'allow'])
      .default('allow')
      .describe(
        'Requests whose rate cannot be looked up: refused with 503, or allowed as far as this process alone has counted.',
      ),
  })
  .prefault({})
  .describe('What becomes of requests while Redis cannot be asked.')

const memory = z.strictObject({ kind: z.literal('memory').describe(kindWords), reservationTtlMs })

const redis = z.strictObject({
  kind: z.literal('redis').describe(kindWords),
  url: secretReference.describe('Address of Redis with its credentials, redis:// or rediss:// for TLS.'),
  keyPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,64}$/, '1 to 64 letters, digits and characters of . _ : -')
    .default('dcr')
    .describe('Beginning of every key in Redis; the same in all processes of one gateway.'),
  commandTimeoutMs: milliseconds.default(500).describe('Longest wait for an answer of Redis, in milliseconds.'),
  connectTimeoutMs: milliseconds.default(2000).describe('Longest wait for a connection to Redis, in milliseconds.'),
  caFile: path
    .optional()
    .describe('PEM file with the authorities for the certificate of Redis; the public ones when left out.'),
  ...clientCertificateKeys('Redis'),
  reservationTtlMs,
  whenUnavailable,
})

export const stateSchema = checkWhole(z.discriminatedUnion('kind', [memory, redis]), wholeClientCertificate)
