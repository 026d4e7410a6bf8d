import { describe, expect, it } from 'vitest'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { loadPolicy } from '../policy-fixture.ts'

const policy = await loadPolicy(`
softwareStatement:
  create: required
  algorithms: [PS256]
  directories: { obie: { issuers: [i], jwksUri: https://directory.example/jwks } }
  claims: { keys: string }
signedRequest:
  create: required
  contentTypes: [application/jwt]
  algorithms: [ES256]
  keys: { uri: statement.keys, hosts: any }
  claims: { jti: string }
`)
const GIVEN = {
  statement: { keys: 'k' },
  request: { header: { kid: 'a', typ: 'JWT' }, claims: { jti: 'j', iss: 'i' } },
}

describe('a case about a signed request', () => {
  it('has what the policy demands where it says nothing else', () => {
    expect(buildCaseFacts(policy, GIVEN, {}, 'create')).toMatchObject({
      ...{ contentType: 'application/jwt', statementIssuer: 'obie' },
      signature: { algorithm: 'ES256', keyId: 'a', type: 'JWT', claims: { jti: 'j', iss: 'i' }, certificate: null },
    })
  })

  it('merges its change into what is given, and may take the signature away', () => {
    const change = {
      statementIssuer: 'other',
      request: { header: { kid: null }, claims: { jti: null }, certificate: {} },
    }
    expect(buildCaseFacts(policy, GIVEN, change, 'create')).toMatchObject({
      ...{ statementIssuer: 'other' },
      signature: { keyId: null, claims: { iss: 'i' }, certificate: { policies: [] } },
    })
    expect(buildCaseFacts(policy, GIVEN, { request: null }, 'create')).toMatchObject({
      ...{ contentType: 'application/json', signature: null },
    })
  })

  it('has none for a read, nor a directory without a statement', () => {
    expect(buildCaseFacts(policy, GIVEN, {}, 'read')).toMatchObject({
      ...{ contentType: '', signature: null, statementIssuer: '' },
    })
  })
})
