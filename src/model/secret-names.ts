/**
 * Names of credentials, without case, `_` and `-`: those that RFC 7591 and RFC 7592 put into metadata, and those that people put there all
 * the same. `id_token_signed_response_alg` and `token_endpoint_auth_method` are none, for they only speak of one.
 */
const SECRET_NAME =
  /secret|passw|passphrase|passcode|(?:private|api|access|shared)key|credential|cookie|authorization$|(?:pin|token|jwt|assertion)s?$/

/** Whether what stands under a name is a secret by that name alone, in metadata, claims, headers, settings and policies alike. */
export function isSecretName(name: string): boolean {
  const plain = plainOf(name)
  return SECRET_NAME.test(plain) && !plain.endsWith(EXPIRY)
}

const EXPIRY = 'expiresat'

/** Whether a name is that of the expiry of a secret: a number there tells nothing, and anything else is no expiry. */
export function isExpiryName(name: string): boolean {
  return plainOf(name).endsWith(EXPIRY)
}

function plainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
