import { describe, expect, it } from 'vitest'
import { hideSecrets, isSecret, replaceSecrets } from '../../../src/json/replace-secrets.ts'
import { isSecretName } from '../../../src/model/secret-names.ts'

describe('a secret', () => {
  it.each([
    ...['client_secret', 'clientSecrets', 'registration_access_token', 'id_token', 'x-auth-token', 'initial_assertion'],
    ...['client_assertion', 'passcode', 'pin', 'jwt', 'signed_jwt', 'Authorization', 'proxy-authorization', 'Cookie'],
    ...['apiKey', 'x-api-key', 'private_key', 'software_password', 'passphrase', 'credentials'],
  ])('is one by its name: %s', (name) => {
    expect(isSecretName(name)).toBe(true)
    expect(isSecret(name, 'anything')).toBe(true)
  })

  it.each([
    ...['token_endpoint_auth_method', 'id_token_signed_response_alg', 'authorization_signed_response_alg', 'jwks_uri'],
    ...['client_secret_expires_at', 'redirect_uris', 'client_name', 'software_statement_roles'],
  ])('is none where a name only speaks of one: %s', (name) => {
    expect(isSecretName(name)).toBe(false)
  })

  it('is neither a yes or no nor a time of expiry, as long as that is a number', () => {
    expect(isSecret('tls_client_certificate_bound_access_tokens', true)).toBe(false)
    expect(isSecret('client_secret_expires_at', 0)).toBe(false)
    expect(isSecret('client_secret_expires_at', 'hush')).toBe(true)
  })

  it.each([
    '-----BEGIN PRIVATE KEY-----',
    '{"kty":"RSA","d":"x"}',
    'https://me:hush@a.example',
    'https://a.example/cb#access_token=x',
  ])('is one by what it looks like: %s', (text) => {
    expect(isSecret('client_uri', text)).toBe(true)
  })

  it('is taken out wherever it stands, and the place is told', () => {
    const places: string[] = []
    const value = {
      keys: [{ kty: 'OKP', d: 'hush' }],
      uris: ['https://a.example/cb', 'https://a.example/cb?code=1'],
      deep: { client_secret: { any: 'hush' } },
    }
    const kept = replaceSecrets(value, 'member', (path) => void places.push(path))
    expect(kept).toEqual({ keys: [{ kty: 'OKP' }], uris: ['https://a.example/cb'], deep: {} })
    expect(places).toEqual(['member.keys[0].d', 'member.uris[1]', 'member.deep.client_secret'])
  })

  it('leaves a note in its place for people, and lists as long as they are', () => {
    expect(hideSecrets('jwks', { keys: [[], { d: 'hush' }] })).toEqual({ keys: [[], { d: '(not shown)' }] })
    expect(hideSecrets('contacts', ['a', 'https://me:hush@a.example'])).toEqual(['a', '(not shown)'])
    expect(hideSecrets('client_secret', 'hush')).toBe('(not shown)')
  })
})
