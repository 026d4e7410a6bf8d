import { z } from 'zod'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { registrationUrlSchema } from './registration-url-schema.ts'
import { name } from './values.ts'

const endpointPath = z
  .string()
  .max(256)
  // No dot segments: servers disagree on whether they are resolved before or after routing.
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/,
    'a path such as /register, without query, escapes or a slash at the end',
  )
  .describe('Path that registrants send their registrations to; the clients they manage live below it.')

const parameterName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a parameter: letters, digits and underscores')
const parameterValue = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.string())])
  .describe('Value for a parameter that the policy declares.')

const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    'a host name such as dcr.bank.example, without port',
  )
  .optional()
  .describe(
    'Host name that registrants use for it, one that the certificate of the gateway names. Once an endpoint has one, requests to all other hosts are refused, and an endpoint without has that of listen.publicUrl.',
  )

const operations = z
  .array(z.enum(['create', 'read', 'update', 'delete']))
  .min(1)
  .optional()
  .describe(
    'What it takes: registrations (create), and the management of clients (RFC 7592); all of them when left out.',
  )

const contentTypes = z
  .array(z.string().regex(/^[a-z0-9.+-]{1,64}\/[a-z0-9.+-]{1,64}$/, 'a content type in lower case, without parameters'))
  .min(1)
  .optional()
  .describe('Content types of the registrations and updates it takes; all that its policy takes when left out.')

/** One place where registrants come in; also read alone, when others have faults. */
export const endpointSchema = z.strictObject({
  name: name
    .optional()
    .describe('What it is called in records, metrics and reports; host and path when left out, if no other has these.'),
  host: hostName,
  path: endpointPath,
  operations,
  contentTypes,
  policy: name.describe('Policy that decides there: the name of a folder in policies.'),
  trustedIssuers: name.describe('Issuers of client certificates that are trusted there: a key of trust.'),
  directories: z
    .array(name)
    .max(20)
    .default([])
    .describe("Directories whose software statements count there: keys of directories, or the policy's."),
  parameters: z
    .record(parameterName, parameterValue)
    .default({})
    .describe('Where this endpoint departs from the defaults of its policy.'),
  registrationUrl: registrationUrlSchema
    .optional()
    .describe(
      'Registration endpoint of the identity server whose clients this one registers, with the same origin as upstream.registrationUrl, which it is when left out. The identity server must keep the clients of its registration endpoints apart.',
    ),
  sharesClients: z
    .boolean()
    .default(false)
    .describe(
      'Whether clients may be managed under another policy than they were registered under; must be said by all endpoints of one registration endpoint where they have different policies, parameters or directories.',
    ),
})

type PartialEndpoint = Readonly<Partial<Record<'host' | 'path', unknown>>>

/** A path below another one could be that of a client there; equal ones are told apart by what else the requests have. */
const apart: WholeRule = (endpoints, report) => {
  const list = Object.values(endpoints).map((endpoint) => (endpoint ?? {}) as PartialEndpoint)
  for (const [index, endpoint] of list.entries()) {
    const clash = list.slice(0, index).findIndex((other) => mayShareHost(endpoint, other) && isNested(endpoint, other))
    if (clash >= 0) report([index, 'path'], `the path of endpoints[${clash}], or one apart from it`)
  }
}

export const endpointsSchema = checkWhole(z.array(endpointSchema).min(1).max(100), apart)

/** One without a host has that of another section. */
function mayShareHost({ host: left }: PartialEndpoint, { host: right }: PartialEndpoint): boolean {
  const hosts = [left, right].filter((host) => typeof host === 'string').map((host) => host.toLowerCase())
  return new Set(hosts).size < 2
}

function isNested({ path: left }: PartialEndpoint, { path: right }: PartialEndpoint): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') return false
  return left.startsWith(`${right}/`) || right.startsWith(`${left}/`)
}
