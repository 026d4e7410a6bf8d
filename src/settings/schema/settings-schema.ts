import { z } from 'zod'
import { directorySchema } from './directory-schema.ts'
import { endpointsSchema } from './endpoints-schema.ts'
import { limitsSchema } from './limits-schema.ts'
import { listenSchema } from './listen-schema.ts'
import { lookupsSchema } from './lookups-schema.ts'
import { policiesSchema } from './policies-schema.ts'
import { ratesSchema } from './rates-schema.ts'
import { sealingSchema } from './sealing-schema.ts'
import { softwareKeysSchema } from './software-keys-schema.ts'
import { stateSchema } from './state-schema.ts'
import { tlsSchema } from './tls-schema.ts'
import { upstreamSchema } from './upstream-schema.ts'
import { host, milliseconds, name, path, port } from './values.ts'

const trustSchema = z
  .record(name, path.describe('Folder of certificates of trusted issuers, under a name that endpoints use.'))
  .refine((folders) => Object.keys(folders).length > 0, {
    error: 'at least one folder of trusted issuers',
    abort: true,
  })

const auditSchema = z.strictObject({
  file: path
    .default('stdout')
    .describe('File that the audit trail is appended to, in a folder that exists; stdout for the standard output.'),
  facts: z
    .enum(['declared', 'all', 'none'])
    .default('declared')
    .describe(
      'What the trail keeps of members and claims, so that decisions can be replayed: those the policy declares, all, or none; secrets never.',
    ),
})

const logSchema = z.strictObject({
  level: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least severe messages that are logged.'),
})

const operationsSchema = z.strictObject({
  host: host.default('127.0.0.1').describe('Address to serve health and metrics on, without TLS.'),
  port: port.default(9090).describe('TCP port to serve health and metrics on; 0 takes any free one.'),
})

const revocationSchema = z.strictObject({
  folder: path
    .optional()
    .describe(
      'Folder where fetched CRLs and OCSP answers outlast a restart and an outage; memory alone when left out.',
    ),
})

const reloadSchema = z.strictObject({
  pollIntervalMs: milliseconds
    .default(5000)
    .describe(
      'How often the trust folders and the certificate of the gateway are looked at for changes, in milliseconds.',
    ),
})

/** Shape of gateway.yaml, section by section; also written out as gateway.schema.json for editors. */
export const settingsSchema = z.strictObject({
  listen: listenSchema.describe('Where registrants come in.'),
  tls: tlsSchema.describe("The gateway's own certificate and what it speaks."),
  trust: trustSchema.describe('Folders of trusted issuers of client certificates.'),
  directories: z
    .record(name, directorySchema)
    .default({})
    .describe('Directories of software statements, besides those that policies publish.'),
  softwareKeys: softwareKeysSchema
    .prefault({})
    .describe('Keys of signed requests, where software statements name them.'),
  sealing: sealingSchema.describe('What management tokens and kept credentials are sealed with.'),
  upstream: upstreamSchema.describe('The identity server that registrations are handed to.'),
  lookups: lookupsSchema.prefault({}).describe('How documents are fetched that policies look up.'),
  policies: policiesSchema.prefault({}).describe('What decides.'),
  endpoints: endpointsSchema.describe('Where registrations are taken, and what decides there.'),
  state: stateSchema.prefault({ kind: 'memory' }).describe('What must be remembered between requests.'),
  audit: auditSchema.prefault({}).describe('Where every decision is written down.'),
  log: logSchema.prefault({}).describe('What the gateway says of itself.'),
  operations: operationsSchema.prefault({}).describe('Health and metrics.'),
  revocation: revocationSchema.prefault({}).describe('What is remembered of revoked certificates.'),
  reload: reloadSchema.prefault({}).describe('What is renewed while the gateway runs.'),
  limits: limitsSchema.prefault({}).describe('What one registrant may cost.'),
  rates: ratesSchema.prefault({}).describe('How many requests are taken from whom.'),
})

export type SettingsFile = z.output<typeof settingsSchema>
