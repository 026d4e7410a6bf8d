/** Members of an answer that the identity server alone gives (RFC 7591 section 3.2.1): from anybody else they would be untrue, or credentials that open nothing. */
export const SERVER_MEMBERS: ReadonlySet<string> = new Set([
  'client_id',
  'client_id_issued_at',
  'client_secret',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
])
