const request = { status: 400, error: 'invalid_client_metadata' } as const
const statement = { status: 400, error: 'invalid_software_statement' } as const
const unavailable = { status: 503, error: 'temporarily_unavailable', retryAfterSeconds: 30 } as const

/** The part of the closed table of reasons that is about the signature of the request itself. */
export const SIGNATURE_REASONS = {
  'request-unsigned': {
    ...request,
    remedy: 'send the request as a compact JWS, under a content type of signed requests',
  },
  'request-signature-forbidden': { ...request, remedy: 'send the client metadata as application/json, unsigned' },
  'request-signature-malformed': {
    ...request,
    remedy: 'send the request as one compact JWS whose header and payload are JSON objects',
  },
  'request-header-forbidden': {
    ...request,
    remedy: 'leave out that header of the JWS: keys come from where the software statement says',
  },
  'request-type-forbidden': { ...request, remedy: 'sign the request under a typ that is accepted here' },
  'request-algorithm-forbidden': { ...request, remedy: 'sign the request with an algorithm that the policy allows' },
  'request-keys-address-invalid': {
    ...statement,
    remedy: 'use a software statement that names the address of its keys, at a host that is allowed here',
  },
  'request-key-unknown': {
    ...request,
    remedy: 'sign the request with a key for signatures that is published for this software, and name it by kid',
  },
  'request-certificate-untrusted': {
    ...request,
    remedy: 'sign the request with a certificate of an issuer that is trusted here, and send its chain in x5c',
  },
  'request-signature-invalid': { ...request, remedy: 'send the request exactly as it was signed' },
  'request-too-old': { ...request, remedy: 'sign the request anew, and send it at once' },
  'request-from-future': { ...request, remedy: 'check the clocks; the request is dated in the future' },
  'request-expired': { ...request, remedy: 'sign the request anew, and send it before its exp' },
  'request-lifetime-too-long': { ...request, remedy: 'sign the request with an exp closer to its iat' },
  'request-audience-wrong': { ...request, remedy: 'name this server in aud' },
  'request-claim-invalid': { ...request, remedy: 'send that claim with the type that its registration says' },
  'request-keys-unavailable': {
    ...unavailable,
    remedy: 'try again later; the keys of the software cannot be fetched at the moment',
  },
} as const
