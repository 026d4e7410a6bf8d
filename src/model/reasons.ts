import { CLIENT_REASONS } from './client-reasons.ts'
import { SIGNATURE_REASONS } from './signature-reasons.ts'

/** Error codes of an answer: RFC 7591 section 3.2.2, RFC 6750 section 3.1, RFC 6749 sections 4.1.2.1 and 5.2. */
export type OAuthError =
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'invalid_software_statement'
  | 'unapproved_software_statement'
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'temporarily_unavailable'
  | 'server_error'

interface ReasonEntry {
  readonly status: number
  readonly error: OAuthError
  /** For the registrant: what to do. Safe for anybody to read. */
  readonly remedy: string
  readonly retryAfterSeconds?: number
}

/** Spares the table below from repeating what whole groups of reasons share. */
const certificate = { status: 401, error: 'invalid_client' } as const
const request = { status: 400, error: 'invalid_client_metadata' } as const
const statement = { status: 400, error: 'invalid_software_statement' } as const
const unavailable = { status: 503, error: 'temporarily_unavailable', retryAfterSeconds: 30 } as const

/** The closed table: every refusal of the gateway has one of these reasons, in the answer, the log, the audit record and the tests alike. */
export const REASONS = {
  'endpoint-unknown': {
    status: 404,
    error: 'invalid_request',
    remedy: 'use the registration endpoint that the identity server publishes',
  },
  'host-unknown': {
    status: 421,
    error: 'invalid_request',
    remedy: 'send the request to the host name of the registration endpoint that the identity server publishes',
  },
  'request-misdirected': {
    status: 421,
    error: 'invalid_request',
    remedy: 'send each request over a connection that was opened for its host name',
  },
  'method-not-allowed': {
    status: 405,
    error: 'invalid_request',
    remedy: 'use POST to register; GET, PUT and DELETE to manage a client (RFC 7592)',
  },
  'request-malformed': { status: 400, error: 'invalid_request', remedy: 'send one well-formed HTTP/1.1 request' },
  'request-target-invalid': {
    status: 400,
    error: 'invalid_request',
    remedy: 'use the registration_client_uri exactly as it was given to you',
  },
  'request-headers-too-large': { status: 431, error: 'invalid_request', remedy: 'send fewer or smaller headers' },
  'request-too-slow': { status: 408, error: 'invalid_request', remedy: 'send the whole request within the time limit' },
  'expectation-unsupported': {
    status: 417,
    error: 'invalid_request',
    remedy: 'send no Expect header other than 100-continue',
  },

  'rate-exceeded': { ...unavailable, status: 429, remedy: 'wait as long as Retry-After says, and send fewer requests' },

  'client-certificate-required': { ...certificate, remedy: 'present a client certificate in the TLS handshake' },
  'client-certificate-malformed': { ...certificate, remedy: 'present a well-formed X.509 version 3 certificate' },
  'client-certificate-chain-too-long': { ...certificate, remedy: 'send the certificate and its intermediates only' },
  'client-certificate-issuer-unknown': {
    ...certificate,
    remedy: 'use a certificate of an issuer trusted here, and send its intermediates',
  },
  'client-certificate-signature-invalid': { ...certificate, remedy: 'use a certificate that its issuer really signed' },
  'client-certificate-expired': { ...certificate, remedy: 'renew the certificate' },
  'client-certificate-not-yet-valid': {
    ...certificate,
    remedy: 'wait until the certificate becomes valid, or check your clock',
  },
  'client-certificate-issuer-expired': { ...certificate, remedy: 'use a certificate whose issuers are all valid' },
  'client-certificate-issuer-not-ca': { ...certificate, remedy: 'use a certificate issued by a certificate authority' },
  'client-certificate-path-too-long': {
    ...certificate,
    remedy: 'use a certificate within the path length its issuers allow',
  },
  'client-certificate-wrong-purpose': {
    ...certificate,
    remedy: 'use a certificate issued for TLS client authentication',
  },
  'client-certificate-weak-key': {
    ...certificate,
    remedy: 'use RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519, signed with SHA-256 or better',
  },
  'client-certificate-extension-unknown': {
    ...certificate,
    remedy: 'use a certificate without unknown critical extensions',
  },
  'client-certificate-verdict-disputed': {
    ...certificate,
    remedy: 'connect again; if that does not help, quote the decision id to support',
  },
  'client-certificate-ambiguous': {
    ...certificate,
    remedy: 'use a certificate whose issuers one scheme alone trusts here, or quote the decision id to support',
  },
  'client-certificate-name-not-permitted': {
    ...certificate,
    remedy: 'use a certificate whose names its issuers are allowed to certify',
  },
  'client-certificate-policy-not-permitted': {
    ...certificate,
    remedy: 'use a certificate issued under a certificate policy that is accepted here',
  },
  'client-certificate-serial-number-invalid': {
    ...certificate,
    remedy: 'use a certificate with a positive serial number',
  },
  'client-certificate-revoked': { ...certificate, remedy: 'use a certificate that is not revoked' },
  'client-certificate-issuer-revoked': {
    ...certificate,
    remedy: 'use a certificate whose issuers are not revoked',
  },
  'client-certificate-revocation-unstated': {
    ...certificate,
    remedy: 'use a certificate that names a CRL or an OCSP responder, or ask the operator to hold a CRL of its issuer',
  },
  'client-certificate-revocation-unknown': {
    ...unavailable,
    remedy: 'try again later; at the moment it cannot be told whether the certificate is revoked',
  },
  'client-certificate-subject-invalid': {
    ...certificate,
    remedy: 'use a certificate whose subject has no control characters',
  },

  'body-missing': { ...request, remedy: 'send the client metadata as a JSON object' },
  'body-unexpected': { ...request, error: 'invalid_request', remedy: 'send no body with GET and DELETE' },
  'body-too-large': { ...request, status: 413, remedy: 'send a smaller body' },
  'body-too-slow': { ...request, status: 408, remedy: 'send the whole body within the time limit' },
  'body-incomplete': { ...request, remedy: 'send as many bytes as Content-Length says' },
  'content-type-unsupported': { ...request, status: 415, remedy: 'send the body with a Content-Type that is wanted' },
  'content-encoding-unsupported': { ...request, remedy: 'send the body without a Content-Encoding' },
  'json-invalid-utf8': { ...request, remedy: 'encode the body as UTF-8 without a byte order mark' },
  'json-malformed': { ...request, remedy: 'send well-formed JSON (RFC 8259)' },
  'json-not-an-object': { ...request, remedy: 'send a JSON object' },
  'json-duplicate-member': { ...request, remedy: 'send every member name once' },
  'json-forbidden-member': { ...request, remedy: 'leave that member out' },
  'json-too-deep': { ...request, remedy: 'nest less deeply' },
  'json-too-many-values': { ...request, remedy: 'send fewer values' },
  'json-number-unsafe': { ...request, remedy: 'send numbers that a double holds exactly' },
  'json-string-unsafe': { ...request, remedy: 'send strings without U+0000 and without unpaired surrogates' },
  'management-token-required': {
    status: 401,
    error: 'invalid_token',
    remedy: 'send the registration access token as Authorization: Bearer',
  },
  'management-token-malformed': {
    status: 401,
    error: 'invalid_token',
    remedy: 'send the registration access token exactly as it was given to you',
  },
  'management-token-rejected': {
    status: 401,
    error: 'invalid_token',
    remedy: 'use the registration access token of this very client',
  },
  'management-token-insufficient': {
    status: 403,
    error: 'insufficient_scope',
    remedy: 'ask the identity server what this token may do',
  },

  'statement-required': { ...statement, remedy: 'send a software statement of the directory as software_statement' },
  'statement-forbidden': { ...statement, remedy: 'send no software_statement' },
  'statement-malformed': { ...statement, remedy: 'send the software statement as a compact JWS with a JSON payload' },
  'statement-algorithm-forbidden': {
    ...statement,
    remedy: 'use a software statement signed with an algorithm that the policy allows',
  },
  'statement-header-forbidden': { ...statement, remedy: 'use a software statement without critical header extensions' },
  'statement-issuer-untrusted': {
    ...statement,
    remedy: 'use a software statement of the directory that this server trusts',
  },
  'statement-key-unknown': {
    ...statement,
    remedy: 'use a software statement signed with a key that its directory publishes',
  },
  'statement-certificate-untrusted': {
    ...statement,
    remedy: 'use a software statement whose x5c leads to an issuer that is trusted here, and names its iss',
  },
  'statement-signature-invalid': {
    ...statement,
    remedy: 'send the software statement exactly as the directory issued it',
  },
  'statement-too-old': { ...statement, remedy: 'fetch a fresh software statement from the directory' },
  'statement-from-future': { ...statement, remedy: 'check the clocks; the statement is dated in the future' },
  'statement-expired': { ...statement, remedy: 'fetch a fresh software statement from the directory' },
  'statement-claim-invalid': { ...statement, remedy: 'have the directory correct the software statement' },
  'statement-keys-unavailable': {
    ...unavailable,
    remedy: 'try again later; the keys of the directory cannot be fetched at the moment',
  },

  'certificate-class-unknown': {
    ...certificate,
    remedy: 'use a certificate of one of the kinds that the regime knows',
  },
  ...SIGNATURE_REASONS,
  ...CLIENT_REASONS,

  'metadata-member-invalid': { ...request, remedy: 'send that member with the type that its registration says' },
  'rule-broken': { ...request, remedy: 'change the request so that the rule holds' },
  'lookup-failed': {
    ...request,
    remedy: 'publish that document at the address you named, over https, and send the registration again',
  },
  'lookup-unavailable': {
    ...unavailable,
    remedy: 'try again later; a document that the decision needs cannot be fetched at the moment',
  },
  'rule-failed': { ...request, remedy: 'send every member the rule speaks of, with the right type' },
  'used-before': { ...request, remedy: 'make a new request; parts of this one may be used only once' },

  'state-unavailable': { ...unavailable, remedy: 'try again later' },
  'audit-unavailable': { ...unavailable, remedy: 'try again later' },
  'shutting-down': { ...unavailable, retryAfterSeconds: 5, remedy: 'try again; this gateway is being restarted' },
  'upstream-refused': { ...request, remedy: 'change the request as the identity server says' },
  'upstream-failed': {
    status: 502,
    error: 'server_error',
    remedy: 'try again later; quote the decision id to support',
  },
  'upstream-unreachable': {
    status: 502,
    error: 'server_error',
    remedy: 'try again later; quote the decision id to support',
  },
  'upstream-answer-invalid': { status: 502, error: 'server_error', remedy: 'quote the decision id to support' },
  'upstream-timeout': {
    status: 504,
    error: 'server_error',
    remedy: 'try again later; quote the decision id to support',
  },
  'registrant-gone': {
    status: 499,
    error: 'invalid_request',
    remedy: 'keep the connection open until the answer arrives',
  },
  'internal-error': { status: 500, error: 'server_error', remedy: 'quote the decision id to support' },
} as const satisfies Record<string, ReasonEntry>

export type Reason = keyof typeof REASONS

/** Reasons that a policy may word together: those that begin so, and are not worded one by one. */
export const REASON_GROUPS = ['client-certificate-*', 'statement-*', 'management-token-*'] as const

/** How a regime words a reason of the closed table. */
export interface ReasonOverride {
  readonly clause?: string
  readonly status?: number
  /** Any code: regimes define their own besides those of the table. */
  readonly error?: string
}

export type ReasonOverrides = Readonly<Partial<Record<Reason, ReasonOverride>>>

/** The row of a reason, with the optional columns visible. */
export function reasonEntry(reason: Reason): ReasonEntry {
  return REASONS[reason]
}
