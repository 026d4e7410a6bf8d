import { z } from 'zod'
import { isReservedHeader } from '../../model/reserved-headers.ts'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { clientCertificateKeys, wholeClientCertificate } from './client-certificate-keys.ts'
import { isRegistrationUrl, registrationUrlSchema } from './registration-url-schema.ts'
import { secretReference } from './secret-reference.ts'
import { bytes, count, isPlainUrl, milliseconds, path } from './values.ts'

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

const address = (placeholder: string) =>
  z
    .string()
    .refine(
      (url) => url.includes(placeholder) && isPlainUrl(url, ['http:', 'https:']),
      `an http or https URL with ${placeholder} in it, without credentials or fragment`,
    )

const administration = z
  .strictObject({
    searchUrl: address('{mark}').describe(
      'Where the clients with a mark are listed: GET answers a JSON array of objects with client_id and the mark; one without the mark is not believed. http as with registrationUrl.',
    ),
    removeUrl: address('{client_id}').describe(
      'Where a client is removed: DELETE answers 2xx, or 404 where there is none. Of the same origin as searchUrl.',
    ),
    lookUpUrl: address('{client_id}')
      .optional()
      .describe(
        'Where one client is looked up: GET answers 200, or 404 where there is none. With it the software of a client that somebody deleted at the identity server may register again by itself. Of the same origin as searchUrl.',
      ),
    token: secretReference.optional().describe('Bearer token for all of them.'),
    markMember: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a member: letters, digits and underscores')
      .describe(
        'Member of the client metadata that the gateway adds to each registration as the mark; the identity server must keep it. No answer to a registrant has it.',
      ),
  })
  .describe(
    'How the gateway finds and removes clients of registrations that were never answered. Without it such a client may stay behind at the identity server, unusable, and the operator is told.',
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
  management: z
    .enum(['forward', 'record', 'none'])
    .default('forward')
    .describe(
      'How clients are managed (RFC 7592): forward asks the identity server; record answers reads with what the identity server said at the registration, kept sealed in the state for as long as the client is remembered, and refuses updates and deletions; none refuses all three. For identity servers without RFC 7592.',
    ),
  rotatesOnRead: z
    .boolean()
    .default(false)
    .describe(
      'Whether the identity server gives a client a new registration access token when it is read; the gateway then reads none to see whether it is still there, and lets one request at a time manage a client.',
    ),
  earlierClients: z
    .enum(['refuse', 'admit'])
    .default('refuse')
    .describe(
      "Clients that were registered before the gateway stood there: refuse their tokens, or admit them where the identity server's own record of the client names the party of the certificate (the policy's client.registered).",
    ),
  administration: administration.optional(),
  metadataUrl: z
    .string()
    .refine(isMetadataUrl, 'an http or https URL without credentials or fragment')
    .optional()
    .describe(
      'Where the identity server publishes its metadata (RFC 8414, OpenID Connect Discovery), for rules that ask what it offers; fetched at start and kept fresh, unknown until then. http as with registrationUrl.',
    ),
  unknownMetadata: z
    .enum(['refuse', 'admit'])
    .default('refuse')
    .describe(
      'Requests whose policy looks at that metadata while nothing of it is known yet: refuse them with 503, or admit them as if the identity server said nothing of what it offers.',
    ),
  metadataFile: path
    .optional()
    .describe('JSON file with that metadata, where the identity server publishes none; instead of metadataUrl.'),
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
  const urls = { registrationUrl: isRegistrationUrl, metadataUrl: isMetadataUrl }
  for (const [key, isSound] of Object.entries(urls)) {
    const url = upstream[key]
    if (typeof url === 'string' && isSound(url) && upstream['allowPlainHttp'] !== true && leavesMachineInPlain(url))
      report([key], 'https, or allowPlainHttp: true for http to another machine')
  }
  if (upstream['metadataUrl'] !== undefined && upstream['metadataFile'] !== undefined)
    report(['metadataFile'], 'metadataUrl or metadataFile, not both', 'both')
  if (upstream['unknownMetadata'] === 'admit' && upstream['metadataUrl'] === undefined)
    report(['unknownMetadata'], 'metadataUrl beside it', 'none')
  wholeClientCertificate(upstream, report)
  soundAdministration(upstream, report)
  if (upstream['rotatesOnRead'] === true && upstream['earlierClients'] === 'admit')
    report(['earlierClients'], 'refuse, where reading a client changes its token', 'admit')
}

const soundAdministration: WholeRule = ({ administration: section, allowPlainHttp }, report) => {
  const urls = (section ?? {}) as Readonly<Record<string, unknown>>
  const { searchUrl } = urls
  for (const key of ['searchUrl', ...OTHER_URLS]) {
    const url = urls[key]
    if (typeof url === 'string' && isMetadataUrl(url) && allowPlainHttp !== true && leavesMachineInPlain(url))
      report(['administration', key], 'https, or allowPlainHttp: true for http to another machine')
  }
  if (typeof searchUrl !== 'string' || !isMetadataUrl(searchUrl)) return
  const { origin } = new URL(searchUrl)
  for (const key of OTHER_URLS) {
    const url = urls[key]
    if (typeof url === 'string' && isMetadataUrl(url) && new URL(url).origin !== origin)
      report(['administration', key], `a URL of ${origin}`, url)
  }
}

const OTHER_URLS = ['removeUrl', 'lookUpUrl']

export const upstreamSchema = checkWhole(section, consistent)

function isMetadataUrl(text: string): boolean {
  return isPlainUrl(text, ['http:', 'https:'])
}

function leavesMachineInPlain(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  // The URL parser has brought every spelling of an IPv4 address into this one.
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
  return protocol === 'http:' && !loopback
}
