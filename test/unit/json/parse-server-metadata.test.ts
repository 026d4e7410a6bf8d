import { describe, expect, it } from 'vitest'
import { parseServerMetadata } from '../../../src/json/parse-server-metadata.ts'

const parse = (document: unknown) =>
  parseServerMetadata(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)))

describe('metadata of an identity server', () => {
  it('are the members that rules can name; null counts as left out, others stay unseen', () => {
    const metadata = {
      issuer: 'https://as.example',
      scopes_supported: ['openid'],
      grant_types_supported: [],
      require_pushed_authorization_requests: true,
    }
    const others = {
      service_documentation: 5,
      mtls_endpoint_aliases: {},
      subject_types_supported: null,
      hasOwnProperty: 1,
    }
    expect(parse({ ...metadata, ...others })).toEqual({ metadata, problem: null })
  })

  it.each([
    [{ scopes_supported: 'openid' }, 'scopes_supported as an array of at most 500 strings', 'string'],
    [{ scopes_supported: ['openid', 5] }, 'scopes_supported as an array of at most 500 strings', 'another list'],
    [{ scopes_supported: Array(501).fill('a') }, 'scopes_supported as an array of at most 500 strings', 'another list'],
    [{ issuer: ['https://as.example'] }, 'issuer as a string', 'another list'],
    [{ require_signed_request_object: 'true' }, 'require_signed_request_object as true or false', 'string'],
    [[], 'a JSON object of server metadata (RFC 8414)', 'other JSON'],
    ['<html>', 'a JSON object of server metadata (RFC 8414)', 'json-malformed at offset 0'],
    [
      '{"issuer":"a","issuer":"b"}',
      'a JSON object of server metadata (RFC 8414)',
      expect.stringMatching('json-duplicate-member'),
    ],
  ])('with a member that cannot be read are none at all: %j', (document, wanted, found) => {
    expect(parse(document)).toEqual({ metadata: null, problem: { wanted, found: found as unknown } })
  })
})
