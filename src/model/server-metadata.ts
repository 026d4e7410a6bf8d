import type { Json } from './json.ts'

/**
 * What is read of an identity server's metadata (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3 and their extensions), in the
 * words that expressions have for types. Other members stay invisible.
 */
export const SERVER_METADATA = {
  issuer: 'string',
  authorization_endpoint: 'string',
  token_endpoint: 'string',
  registration_endpoint: 'string',
  jwks_uri: 'string',
  scopes_supported: 'list<string>',
  response_types_supported: 'list<string>',
  response_modes_supported: 'list<string>',
  grant_types_supported: 'list<string>',
  acr_values_supported: 'list<string>',
  subject_types_supported: 'list<string>',
  claims_supported: 'list<string>',
  code_challenge_methods_supported: 'list<string>',
  authorization_details_types_supported: 'list<string>',
  token_endpoint_auth_methods_supported: 'list<string>',
  token_endpoint_auth_signing_alg_values_supported: 'list<string>',
  id_token_signing_alg_values_supported: 'list<string>',
  id_token_encryption_alg_values_supported: 'list<string>',
  id_token_encryption_enc_values_supported: 'list<string>',
  userinfo_signing_alg_values_supported: 'list<string>',
  userinfo_encryption_alg_values_supported: 'list<string>',
  userinfo_encryption_enc_values_supported: 'list<string>',
  request_object_signing_alg_values_supported: 'list<string>',
  request_object_encryption_alg_values_supported: 'list<string>',
  request_object_encryption_enc_values_supported: 'list<string>',
  authorization_signing_alg_values_supported: 'list<string>',
  authorization_encryption_alg_values_supported: 'list<string>',
  authorization_encryption_enc_values_supported: 'list<string>',
  introspection_signing_alg_values_supported: 'list<string>',
  introspection_encryption_alg_values_supported: 'list<string>',
  introspection_encryption_enc_values_supported: 'list<string>',
  backchannel_token_delivery_modes_supported: 'list<string>',
  backchannel_authentication_request_signing_alg_values_supported: 'list<string>',
  dpop_signing_alg_values_supported: 'list<string>',
  require_pushed_authorization_requests: 'bool',
  require_signed_request_object: 'bool',
  tls_client_certificate_bound_access_tokens: 'bool',
} as const satisfies Readonly<Record<string, 'string' | 'list<string>' | 'bool'>>

export type ServerMember = keyof typeof SERVER_METADATA

/** Lists are the operator's own, and yet every rule that names one looks through it. */
const LIST_LIMIT = 500
const TEXT_LIMIT_CHARACTERS = 2_000

/** What a member of the metadata must be when it is not; null for what can be used, and for members that nobody reads. */
export function findServerProblem(name: string, value: Json): { wanted: string; found: string } | null {
  const type = isServerMember(name) ? SERVER_METADATA[name] : null
  const found = Array.isArray(value) ? 'another list' : typeof value
  if (type === 'bool') return typeof value === 'boolean' ? null : { wanted: 'true or false', found }
  if (type === 'string') return isText(value) ? null : { wanted: 'a string', found }
  if (type === null || (Array.isArray(value) && value.length <= LIST_LIMIT && value.every(isText))) return null
  return { wanted: `an array of at most ${LIST_LIMIT} strings`, found }
}

export function isServerMember(name: string): name is ServerMember {
  return Object.hasOwn(SERVER_METADATA, name)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= TEXT_LIMIT_CHARACTERS
}
