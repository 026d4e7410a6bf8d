import { z } from 'zod'
import { isReservedHeader } from '../../model/reserved-headers.ts'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { clientCertificateKeys, wholeClientCertificate } from './client-certificate-keys.ts'
import { isRegistrationUrl, registrationUrlSchema } from './registration-url-schema.ts'
import { secretReference } from './secret-reference.ts'
import { bytes, count, milliseconds, path } from './values.ts'

const registrationUrl = registrationUrlSchema.describe(
  "The identity server's registration endpoint; http only to this very machine unless allowPlainHttp is set. The registration_client_uri of its clients must be this URL with /{client_id} behind it (or up to four segments, or a query with client_id), whatever its host.",
)

const passedHeader = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'a header name of letters, digits and hyphens', abort: true })
  // Whoever may set what the identity server takes for the gateway's word could be anybody to it.
  .refine(
    (header) => !isReservedHeader(header) && !/^content-/i.test(header),
    'a header that says nothing of identity, framing or routing',
  )

const section = z.strictObject({
  registrationUrl,
  allowPlainHttp: z
    .boolean()
    .default(false)
    .describe('Whether http is allowed to other machines, where something else protects the way.'),
  caFile: path
    .optional()
    .describe("PEM file with the authorities for the identity server's certificate; the public ones when left out."),
  ...clientCertificateKeys('the identity server'),
  initialAccessToken: secretReference
    .optional()
    .describe('Bearer token the gateway presents when it registers a client (RFC 7591 section 3).'),
  timeoutMs: milliseconds
    .default(10_000)
    .describe('Longest wait for the whole answer of the identity server, in milliseconds.'),
  maxSockets: count.default(64).describe('Connections to the identity server that may be open at a time.'),
  responseLimitBytes: bytes.default(262_144).describe("Largest body of the identity server's answer, in bytes."),
  passHeaders: z
    .array(passedHeader)
    .max(32)
    .default(['x-fapi-interaction-id'])
    .describe('Request headers of the registrant that reach the identity server; all others are dropped.'),
})

const consistent: WholeRule = (upstream, report) => {
  const url = upstream['registrationUrl']
  if (
    typeof url === 'string' &&
    isRegistrationUrl(url) &&
    upstream['allowPlainHttp'] !== true &&
    leavesMachineInPlain(url)
  ) {
    report(['registrationUrl'], 'https, or allowPlainHttp: true for http to another machine')
  }
  wholeClientCertificate(upstream, report)
}

export const upstreamSchema = checkWhole(section, consistent)

function leavesMachineInPlain(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  // The URL parser has brought every spelling of an IPv4 address into this one.
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
  return protocol === 'http:' && !loopback
}
