import { z } from 'zod'
import { parseRedisPlace, REDIS_PLACE_FORM } from '../../model/parse-redis-place.ts'
import { checkWhole } from './check-whole.ts'
import { clientCertificateKeys } from './client-certificate-keys.ts'
import { wholeTopology } from './redis-topology-rules.ts'
import { secretReference } from './secret-reference.ts'
import { milliseconds, path } from './values.ts'

/** Whoever writes credentials here must not find them in the report. */
const place = z.string({ error: REDIS_PLACE_FORM }).superRefine((text, context) => {
  if (parseRedisPlace(text, 1) !== null) return
  const hidden = text.includes('@') ? { params: { found: 'a text with @, which is not shown' } } : {}
  context.addIssue({ code: 'custom', message: REDIS_PLACE_FORM, ...hidden })
})
const places = z.array(place).min(1).max(32)

const user = z.string().regex(/^[^\s\p{Cc}]{1,256}$/u, 'a user of an ACL, without spaces')

const where = {
  url: secretReference
    .optional()
    .describe('Redis on one server: its address with its credentials, redis:// or rediss:// for TLS.'),
  sentinels: places
    .optional()
    .describe(
      'Redis behind Sentinel: the sentinels, which name the primary; port 26379 when left out, rediss:// for TLS.',
    ),
  primaryName: z
    .string()
    .regex(/^[\w.-]{1,128}$/, '1 to 128 letters, digits and characters of . _ -')
    .optional()
    .describe('Name under which the sentinels know the primary.'),
  nodes: places
    .optional()
    .describe('Redis Cluster: some of its nodes, which name all others; port 6379 when left out, rediss:// for TLS.'),
}

const access = {
  user: user
    .optional()
    .describe('User of the ACL at the primary behind Sentinel, or at all nodes; default when left out.'),
  password: secretReference.optional().describe('Password of that user.'),
  database: z
    .int()
    .min(0)
    .max(99_999)
    .optional()
    .describe('Number of the database at the primary behind Sentinel; 0 when left out.'),
  tls: z
    .boolean()
    .optional()
    .describe('Whether the primary behind Sentinel is spoken to over TLS; as the sentinels when left out.'),
  sentinelUser: user.optional().describe('User of the ACL at the sentinels; default when left out.'),
  sentinelPassword: secretReference
    .optional()
    .describe('Password of that user, or of sentinels that have a password alone.'),
}

const certificates = {
  caFile: path
    .optional()
    .describe('PEM file with the authorities for the certificate of Redis; the public ones when left out.'),
  ...clientCertificateKeys('Redis'),
  sentinelCaFile: path
    .optional()
    .describe('PEM file with the authorities for the certificates of the sentinels; caFile when left out.'),
  sentinelClientCertificateFile: path
    .optional()
    .describe(
      'PEM file with the certificate the gateway presents to the sentinels; clientCertificateFile when left out.',
    ),
  sentinelClientPrivateKeyFile: path
    .optional()
    .describe('PEM file with the private key of that certificate, unencrypted.'),
}

const waitForReplicas = z
  .int()
  .min(0)
  .max(16)
  .default(0)
  .describe(
    'How many replicas must have what is written before it counts (WAIT), so that a failover forgets nothing that a decision rested on; where fewer have it within half of commandTimeoutMs, Redis counts as away. For Sentinel and Cluster; limits of requests wait for none.',
  )

const timeouts = {
  commandTimeoutMs: milliseconds.default(500).describe('Longest wait for an answer of Redis, in milliseconds.'),
  connectTimeoutMs: milliseconds.default(2000).describe('Longest wait for a connection to Redis, in milliseconds.'),
}

const keyPrefix = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, '1 to 64 letters, digits and characters of . _ : -')
  .default('dcr')
  .describe('Beginning of every key in Redis; the same in all processes of one gateway.')

/** `common` is what every kind of state has. */
export function redisSchema<Common extends z.ZodRawShape>(common: Common) {
  return checkWhole(
    z.strictObject({ ...common, ...where, ...access, keyPrefix, waitForReplicas, ...timeouts, ...certificates }),
    wholeTopology,
  ).meta({ oneOf: [{ required: ['url'] }, { required: ['sentinels', 'primaryName'] }, { required: ['nodes'] }] })
}
