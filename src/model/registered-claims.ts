/** Registered claims of a JWT (RFC 7519 section 4.1): they speak of the message, and not of the software or of a client. */
export const REGISTERED_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])
