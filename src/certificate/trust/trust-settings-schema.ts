import { z } from 'zod'

const httpUrl = z.string().max(2048).refine(isHttpUrl, 'an http or https URL without credentials and fragment')
const hostPattern = z
  .string()
  .max(255)
  .regex(/^(?:\*\.)?[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i, 'a host name, or *. and a domain')
const milliseconds = z.int().min(1).max(60_000)
const bytes = z.int().min(1).max(16_777_216)

const ocspSchema = z.strictObject({
  responderUrl: httpUrl.optional().describe('Responder to ask instead of those that certificates name.'),
  nonce: z
    .enum(['offer', 'require', 'omit'])
    .default('offer')
    .describe('Whether a nonce is sent, and whether an answer without it counts (RFC 8954).'),
  certIdHash: z
    .enum(['sha1', 'sha256'])
    .default('sha1')
    .describe(
      'Digest that names a certificate in requests; many responders know SHA-1 alone (RFC 5019 section 2.1.1).',
    ),
  maxAgeMs: z
    .int()
    .min(1000)
    .max(604_800_000)
    .default(3_600_000)
    .describe('How long an answer that names no next update counts, in milliseconds.'),
})

const crlSchema = z.strictObject({
  urls: z
    .array(httpUrl)
    .max(32)
    .default([])
    .describe('CRLs to fetch besides those that certificates name, of any issuer in this folder.'),
})

const fetchSection = z.strictObject({
  hosts: z
    .array(hostPattern)
    .max(100)
    .optional()
    .describe(
      'The only hosts that are asked, at any port; those that verified certificates name, at ports 80 and 443, when left out.',
    ),
  allowPrivateAddresses: z
    .boolean()
    .default(false)
    .describe('Whether CRLs and OCSP answers may come from private and local addresses.'),
  timeoutMs: milliseconds.default(5000).describe('Longest time for one CRL or OCSP answer, in milliseconds.'),
  crlLimitBytes: bytes.default(16_777_216).describe('Size of one CRL, in bytes.'),
  ocspLimitBytes: bytes.default(65_536).describe('Size of one OCSP answer, in bytes.'),
})

/** Otherwise every certificate that an issuer signs could send requests into the operator's own network. */
const fetchSchema = fetchSection.refine(
  ({ hosts, allowPrivateAddresses }) => !allowPrivateAddresses || hosts !== undefined,
  { error: 'hosts beside allowPrivateAddresses', path: ['hosts'] },
)

/** Shape of trust.yaml, which may stand in a trust folder: how revocation is found out for the issuers there. */
export const trustSettingsSchema = z.strictObject({
  ocsp: ocspSchema.prefault({}).describe('Online status of certificates (RFC 6960).'),
  crl: crlSchema.prefault({}).describe('Certificate revocation lists (RFC 5280 section 5).'),
  fetch: fetchSchema.prefault({}).describe('Where both may come from.'),
})

export type TrustSettings = z.output<typeof trustSettingsSchema>

export const USUAL_TRUST_SETTINGS: TrustSettings = trustSettingsSchema.parse({})

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === ''
}
