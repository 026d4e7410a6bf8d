import { describe, expect, it } from 'vitest'
import { writeDistinguishedName } from '../../../../src/distinguished-name/write-distinguished-name.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { loadPolicy } from '../policy-fixture.ts'

const policy = await loadPolicy('parameters: { mode: { type: string, default: strict, meaning: m } }')
const GIVEN = {
  certificate: { subject: 'CN=given', policies: ['1.2.3'] },
  statement: { org_id: 'o', roles: ['a'] },
  metadata: { client_name: 'n', redirect_uris: ['https://a.example'] },
  clientId: 'given-client',
  parameters: { mode: 'given' },
  now: '2026-06-01T00:00:00Z',
}

describe('buildCaseFacts', () => {
  it('has a plain request where nothing is given', () => {
    expect(buildCaseFacts(policy, {}, {}, 'create')).toEqual({
      operation: 'create',
      clientId: '',
      certificate: null,
      claims: null,
      sent: {},
      parameters: { mode: 'strict' },
      now: new Date('2026-01-01T12:00:00Z'),
    })
    expect(buildCaseFacts(policy, {}, {}, 'read').clientId).toBe('client-1')
  })

  it('takes what is given', () => {
    const facts = buildCaseFacts(policy, GIVEN, {}, 'update')
    expect(facts).toMatchObject({
      operation: 'update',
      clientId: 'given-client',
      claims: GIVEN.statement,
      sent: GIVEN.metadata,
      parameters: { mode: 'given' },
      now: new Date('2026-06-01T00:00:00Z'),
      certificate: { policies: ['1.2.3'] },
    })
    expect(writeDistinguishedName(facts.certificate?.subject ?? [])).toBe('CN=given')
  })

  it('merges the change of the case into it', () => {
    const change = {
      certificate: { policies: ['4.5.6'] },
      statement: { org_id: null, software_id: 's' },
      metadata: { client_name: null },
      clientId: 'other-client',
      parameters: { mode: 'changed' },
      now: '2027-01-01T00:00:00Z',
    }
    const facts = buildCaseFacts(policy, GIVEN, change, 'update')
    expect(facts).toMatchObject({
      clientId: 'other-client',
      claims: { roles: ['a'], software_id: 's' },
      sent: { redirect_uris: ['https://a.example'] },
      parameters: { mode: 'changed' },
      now: new Date('2027-01-01T00:00:00Z'),
      certificate: { policies: ['4.5.6'] },
    })
    expect(facts.claims).not.toHaveProperty('org_id')
    expect(facts.sent).not.toHaveProperty('client_name')
    expect(writeDistinguishedName(facts.certificate?.subject ?? [])).toBe('CN=given')
  })

  it('can take certificate and statement away, or bring them where none are given', () => {
    expect(buildCaseFacts(policy, GIVEN, { certificate: null, statement: null }, 'create')).toMatchObject({
      certificate: null,
      claims: null,
    })
    const none = { certificate: null, statement: null }
    expect(buildCaseFacts(policy, none, {}, 'create')).toMatchObject({ certificate: null, claims: null })
    const facts = buildCaseFacts(policy, none, { certificate: {}, statement: { a: 1 } }, 'create')
    expect(facts.claims).toEqual({ a: 1 })
    expect(facts.certificate).not.toBeNull()
  })

  it.each(['read', 'delete'] as const)('sends neither statement nor metadata with a %s', (operation) => {
    const facts = buildCaseFacts(policy, GIVEN, { statement: { a: 1 }, metadata: { b: 2 } }, operation)
    expect(facts).toMatchObject({ claims: null, sent: {}, clientId: 'given-client' })
  })

  it('names no client for a create', () => {
    expect(buildCaseFacts(policy, GIVEN, { clientId: 'x' }, 'create').clientId).toBe('')
  })

  it('completes a certificate with what makes it an ordinary one', () => {
    const { certificate } = buildCaseFacts(policy, {}, { certificate: {} }, 'create')
    expect(certificate).toMatchObject({
      serialNumber: '1',
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2040-01-01T00:00:00Z'),
      subjectAltNames: { dns: [], uri: [], ip: [], email: [] },
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
      policies: [],
      publicKey: { type: 'rsa', bits: 2048 },
      thumbprint: 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2',
    })
    expect(writeDistinguishedName(certificate?.subject ?? [])).toBe('CN=client')
    expect(writeDistinguishedName(certificate?.issuer ?? [])).toBe('CN=issuer')
    expect(certificate?.publicKey).not.toHaveProperty('curve')
  })

  it('takes every fact of a certificate', () => {
    const certificate = {
      subject: 'CN=s',
      issuer: 'CN=i',
      serialNumber: 'ff',
      notBefore: '2025-01-01T00:00:00Z',
      notAfter: '2026-01-01T00:00:00Z',
      subjectAltNames: { dns: ['d'], uri: ['u'], ip: ['i'], email: ['e'] },
      keyUsage: ['keyAgreement'],
      extendedKeyUsage: ['1.2'],
      policies: ['1.3'],
      publicKey: { type: 'ec' as const, bits: 256, curve: 'prime256v1' },
      thumbprint: 't',
    }
    expect(buildCaseFacts(policy, {}, { certificate }, 'create').certificate).toMatchObject({
      serialNumber: 'ff',
      notBefore: new Date('2025-01-01T00:00:00Z'),
      notAfter: new Date('2026-01-01T00:00:00Z'),
      subjectAltNames: certificate.subjectAltNames,
      keyUsage: ['keyAgreement'],
      extendedKeyUsage: ['1.2'],
      policies: ['1.3'],
      publicKey: certificate.publicKey,
      thumbprint: 't',
    })
  })
})
