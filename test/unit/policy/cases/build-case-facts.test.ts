import { describe, expect, it } from 'vitest'
import { readQualifiedStatements } from '../../../../src/certificate/parse/read-qualified-statements.ts'
import { writeDistinguishedName } from '../../../../src/distinguished-name/write-distinguished-name.ts'
import { NO_STATEMENTS, type QualifiedStatements } from '../../../../src/model/qualified-statements.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { casesFileSchema, type CaseStatements } from '../../../../src/policy/cases/cases-file-schema.ts'
import { BRITISH_STATEMENTS, FRENCH_STATEMENTS } from '../../../support/write-qualified-statements.ts'
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
      headers: {},
      certificate: null,
      hasToken: false,
      contentType: 'application/json',
      signature: null,
      claims: null,
      statementIssuer: '',
      sent: {},
      lookups: {},
      failedLookups: [],
      server: null,
      parameters: { mode: 'strict' },
      now: new Date('2026-01-01T12:00:00Z'),
    })
    expect(buildCaseFacts(policy, {}, {}, 'read')).toMatchObject({ clientId: 'client-1', hasToken: true })
  })

  it('has a token where operations need one, unless it says otherwise', () => {
    const without = { token: { presented: false } }
    expect(buildCaseFacts(policy, {}, without, 'read').hasToken).toBe(false)
    expect(buildCaseFacts(policy, { token: { presented: true } }, {}, 'create').hasToken).toBe(true)
    expect(buildCaseFacts(policy, { token: { presented: true } }, without, 'create').hasToken).toBe(false)
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
      subjectAltNames: { dns: [], uri: [], ip: [], email: [], otherName: [], directoryName: [] },
      organizationIdentifier: null,
      qualified: NO_STATEMENTS,
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

  it('takes other names and directory names', () => {
    const subjectAltNames = {
      otherName: { '1.3.6.1.4.1.311.20.2.3': ['ana@a.example', 'b'] },
      directoryName: ['CN=a,O=b'],
    }
    const { certificate } = buildCaseFacts(policy, {}, { certificate: { subjectAltNames } }, 'create')
    expect(certificate?.subjectAltNames.otherName).toEqual([
      { type: '1.3.6.1.4.1.311.20.2.3', value: 'ana@a.example', der: '0c0d616e6140612e6578616d706c65' },
      { type: '1.3.6.1.4.1.311.20.2.3', value: 'b', der: '0c0162' },
    ])
    expect(certificate?.subjectAltNames.directoryName.map(writeDistinguishedName)).toEqual(['CN=a,O=b'])
  })

  it('takes the organisation from the subject, as it is taken from a real certificate', () => {
    const subject = 'CN=a,organizationIdentifier=PSDGB-FCA-918273,C=GB'
    expect(
      buildCaseFacts(policy, {}, { certificate: { subject } }, 'create').certificate?.organizationIdentifier,
    ).toEqual({ scheme: 'PSD', country: 'GB', authority: 'FCA', number: '918273' })
  })
})

describe('qualified statements of a case', () => {
  const of = (given: CaseStatements | null, change?: CaseStatements | null): QualifiedStatements | undefined =>
    buildCaseFacts(
      policy,
      { certificate: { qualified: given } },
      change === undefined ? {} : { certificate: { qualified: change } },
      'create',
    ).certificate?.qualified

  it('are those that a certificate with the same statements has', () => {
    const psd2 = { roles: ['PSP_AI', 'PSP_PI'], ncaName: 'Financial Conduct Authority', ncaId: 'GB-FCA' }
    expect(of({ types: ['web'], psd2 })).toEqual(readQualifiedStatements(BRITISH_STATEMENTS))
    const { statements } = readQualifiedStatements(FRENCH_STATEMENTS)
    expect(of({ compliance: true, types: ['web'], psd2 })?.statements).toEqual(statements)
  })

  it('know names and OIDs, and names that are written wrongly', () => {
    const psd2 = { roles: ['0.4.0.19495.1.3', '0.4.0.19495.1.77', 'PSP_IC'], writtenRoles: ['Account Information'] }
    expect(of({ types: ['0.4.0.1862.1.6.3', '1.2.3'], psd2, statements: ['1.2.4'] })).toEqual({
      statements: ['0.4.0.1862.1.6', '0.4.0.19495.2', '1.2.4'],
      compliance: false,
      sscd: false,
      types: ['web', '1.2.3'],
      countries: [],
      psd2: {
        roles: [
          { oid: '0.4.0.19495.1.3', name: 'PSP_AI', writtenName: 'Account Information' },
          { oid: '0.4.0.19495.1.77', name: '0.4.0.19495.1.77', writtenName: '0.4.0.19495.1.77' },
          { oid: '0.4.0.19495.1.4', name: 'PSP_IC', writtenName: 'PSP_IC' },
        ],
        ncaName: 'National Competent Authority',
        ncaId: 'XX-NCA',
      },
    })
  })

  it('can be changed one by one, or taken away', () => {
    const given = { compliance: true, sscd: true, countries: ['GB'], psd2: { roles: ['PSP_AI'], ncaId: 'GB-FCA' } }
    expect(of(given, { psd2: { roles: ['PSP_PI'] } })).toMatchObject({
      sscd: true,
      countries: ['GB'],
      psd2: { roles: [{ name: 'PSP_PI' }], ncaId: 'GB-FCA' },
    })
    expect(of(given, { psd2: null })).toMatchObject({ compliance: true, psd2: null })
    expect(of(given, null)).toEqual(NO_STATEMENTS)
    expect(of(null)).toEqual(NO_STATEMENTS)
  })

  it.each([
    ['a role that does not exist', { psd2: { roles: ['PSP_A1'] } }],
    ['a type that does not exist', { types: ['webb'] }],
    ['a statement by name', { statements: ['compliance'] }],
    ['a statement nobody knows', { complience: true }],
  ])('are refused with %s, which would let the case pass for the wrong reason', (_, qualified) => {
    const file = { given: { certificate: { qualified } }, approve: [], reject: [] }
    expect(casesFileSchema.safeParse(file).success).toBe(false)
    expect(casesFileSchema.safeParse({ ...file, given: { certificate: { qualified: {} } } }).success).toBe(true)
  })
})
