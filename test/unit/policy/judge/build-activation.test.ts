import { describe, expect, it } from 'vitest'
import { parseDistinguishedName } from '../../../../src/distinguished-name/parse-distinguished-name.ts'
import type { CertificateFacts } from '../../../../src/model/client.ts'
import { NO_STATEMENTS } from '../../../../src/model/qualified-statements.ts'
import { makeVariables } from '../../../../src/policy/expression/declarations.ts'
import { buildActivation } from '../../../../src/policy/judge/build-activation.ts'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const CERTIFICATE: CertificateFacts = {
  subject: parseDistinguishedName('CN=client,OU=b,OU=a,organizationIdentifier=PSDBR-1,1.2.3.4=#0c0178,2.5.4.6=BR'),
  issuer: parseDistinguishedName('CN=Issuer,O=Directory'),
  organizationIdentifier: { scheme: 'PSD', country: 'GB', authority: 'FCA', number: '918273' },
  serialNumber: '0a',
  notBefore: new Date('2025-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
  subjectAltNames: {
    dns: ['a.example'],
    uri: ['https://a.example'],
    ip: ['192.0.2.1'],
    email: ['a@a.example'],
    otherName: [
      { type: '1.3.6.1.4.1.311.20.2.3', value: 'ana@a.example', der: '0c0d616e6140612e6578616d706c65' },
      { type: '1.3.6.1.5.2.2', value: null, der: '3003020101' },
    ],
    directoryName: [parseDistinguishedName('CN=other,C=BR')],
  },
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
  policies: ['1.2.3'],
  qualified: {
    statements: ['0.4.0.1862.1.6', '0.4.0.19495.2', '1.2.3'],
    compliance: true,
    sscd: true,
    types: ['web'],
    countries: ['GB'],
    psd2: {
      roles: [
        { oid: '0.4.0.19495.1.3', name: 'PSP_AI', writtenName: 'Account Information' },
        { oid: '0.4.0.19495.1.2', name: 'PSP_PI', writtenName: 'PSP_PI' },
      ],
      ncaName: 'Financial Conduct Authority',
      ncaId: 'GB-FCA',
    },
  },
  publicKey: { type: 'ec', bits: 256, curve: 'prime256v1' },
  thumbprint: 'thumb',
}

async function holds(expression: string, certificate: CertificateFacts | null): Promise<boolean> {
  const policy = await loadPolicy(`rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(expression)} }]`)
  return judge(policy, present({ certificate })).held.includes('r')
}

describe('the certificate in expressions', () => {
  it.each([
    'certificate.subject.CN == ["client"]',
    'certificate.subject.OU == ["a", "b"]',
    'certificate.subject.C == ["BR"]',
    'certificate.subject.organizationIdentifier == ["PSDBR-1"]',
    'certificate.subject.O == [] && certificate.subject.serialNumber == []',
    'certificate.subject.oid["2.5.4.97"] == ["PSDBR-1"]',
    'certificate.subject.oid["1.2.3.4"] == ["x"]',
    'dn.equal(certificate.subject.dn, "CN=client,OU=b,OU=a,organizationIdentifier=PSDBR-1,1.2.3.4=#0c0178,C=BR")',
    'dn.equal(certificate.issuer.dn, "CN=Issuer,O=Directory") && certificate.issuer.O == ["Directory"]',
    'certificate.subject.rdns.size() == 6 && certificate.subject.rdns[0][0].oid == "2.5.4.6"',
    'certificate.subject.rdns[1].map(a, a.oid + "=" + a.value) == ["1.2.3.4=x"]',
    'certificate.subject.rdns.all(r, r.all(a, a.stringType == "utf8String"))',
    'certificate.issuer.rdns.map(r, r[0].value) == ["Directory", "Issuer"]',
    'certificate.organizationIdentifier.scheme == "PSD" && certificate.organizationIdentifier.country == "GB"',
    'certificate.organizationIdentifier.authority == "FCA" && certificate.organizationIdentifier.number == "918273"',
    'has(certificate.organizationIdentifier.authority)',
    'certificate.serialNumber == "0a"',
    'certificate.notBefore < now && now < certificate.notAfter',
    'certificate.notAfter == timestamp("2027-01-01T00:00:00Z")',
    'certificate.subjectAltNames.dns == ["a.example"] && certificate.subjectAltNames.uri == ["https://a.example"]',
    'certificate.subjectAltNames.ip == ["192.0.2.1"] && certificate.subjectAltNames.email == ["a@a.example"]',
    'certificate.subjectAltNames.otherName["1.3.6.1.4.1.311.20.2.3"] == ["ana@a.example"]',
    'certificate.subjectAltNames.otherName["1.3.6.1.5.2.2"] == ["#3003020101"]',
    'dn.equal(certificate.subjectAltNames.directoryName[0], "cn=OTHER, c=br")',
    'certificate.keyUsage == ["digitalSignature"]',
    'certificate.extendedKeyUsage == ["1.3.6.1.5.5.7.3.2"]',
    'certificate.policies == ["1.2.3"]',
    'certificate.publicKey.type == "ec" && certificate.publicKey.bits == 256 && certificate.publicKey.curve == "prime256v1"',
    'certificate.qualified.compliance && certificate.qualified.sscd && certificate.qualified.types == ["web"]',
    'certificate.qualified.countries == ["GB"] && "1.2.3" in certificate.qualified.statements',
    'certificate.qualified.psd2.roles == ["PSP_AI", "PSP_PI"]',
    'certificate.qualified.psd2.writtenRoles == ["Account Information", "PSP_PI"]',
    'certificate.qualified.psd2.ncaName == "Financial Conduct Authority"',
    'certificate.qualified.psd2.ncaId == certificate.organizationIdentifier.country + "-" + certificate.organizationIdentifier.authority',
    'has(certificate.qualified.psd2) && certificate.qualified.?psd2.?roles.orValue([]).size() == 2',
    'certificate.thumbprint == "thumb"',
    'request.hasCertificate',
  ])('%s', async (expression) => {
    expect(await holds(expression, CERTIFICATE)).toBe(true)
    // The value is kept with the certificate of a connection: the second request must see the same.
    expect(await holds(expression, CERTIFICATE)).toBe(true)
    expect(await holds(expression, null)).toBe(false)
  })

  it('has empty lists and texts for what it does not say', async () => {
    const { curve: _, ...publicKey } = CERTIFICATE.publicKey
    const bare = { ...CERTIFICATE, keyUsage: null, extendedKeyUsage: null, publicKey }
    const expression =
      'certificate.keyUsage == [] && certificate.extendedKeyUsage == [] && certificate.publicKey.curve == ""'
    expect(await holds(expression, bare)).toBe(true)
  })

  it.each([
    'certificate.qualified.types == [] && certificate.qualified.countries == [] && certificate.qualified.statements == []',
    '!certificate.qualified.compliance && !certificate.qualified.sscd',
    '!has(certificate.qualified.psd2) && !has(certificate.organizationIdentifier)',
    'certificate.qualified.?psd2.?roles.orValue([]) == []',
    'certificate.?organizationIdentifier.?scheme.orValue("none") == "none"',
    'certificate.subjectAltNames.otherName[?"1.2.3"].orValue([]) == []',
    '!("1.2.3" in certificate.subjectAltNames.otherName)',
  ])('has nothing to compare with where there is nothing: %s', async (expression) => {
    const bare = { ...CERTIFICATE, organizationIdentifier: null, qualified: NO_STATEMENTS }
    expect(await holds(expression, bare)).toBe(true)
  })

  it('has no authority for schemes without one', async () => {
    const organizationIdentifier = { scheme: 'VAT', country: 'DE', authority: null, number: '1' }
    const expression =
      'certificate.organizationIdentifier.number == "1" && !has(certificate.organizationIdentifier.authority)'
    expect(await holds(expression, { ...CERTIFICATE, organizationIdentifier })).toBe(true)
  })

  it('names the string type of every value of a name', async () => {
    const subject = parseDistinguishedName('CN=#1e020041,O=#13024252,OU=#020105')
    const expression = 'certificate.subject.rdns.map(r, r[0].stringType) == ["other", "printableString", "bmpString"]'
    expect(await holds(expression, { ...CERTIFICATE, subject })).toBe(true)
  })

  it('shows a value that is no text as the hexadecimal of its DER', async () => {
    const subject = parseDistinguishedName('1.2.3.4=#020105')
    expect(await holds('certificate.subject.oid["1.2.3.4"] == ["#020105"]', { ...CERTIFICATE, subject })).toBe(true)
  })

  it('is made once for all requests of a connection', async () => {
    const policy = await loadPolicy('')
    const of = (certificate: CertificateFacts): unknown =>
      buildActivation(policy, { ...present({ certificate }), requested: {}, translations: {}, certificateClass: '' })[
        'certificate'
      ]
    expect(of(CERTIFICATE)).toBe(of(CERTIFICATE))
    expect(of(CERTIFICATE)).not.toBe(of({ ...CERTIFICATE }))
  })

  it('is not mistaken for that of another connection', async () => {
    const other = { ...CERTIFICATE, thumbprint: 'other' }
    expect(await holds('certificate.thumbprint == "thumb"', CERTIFICATE)).toBe(true)
    expect(await holds('certificate.thumbprint == "other"', other)).toBe(true)
  })
})

describe('variables', () => {
  it('are evaluated once for all rules, and only when a rule asks', async () => {
    const policy = await loadPolicy(`
members: { client_name: string }
variables:
  failing: metadata.client_name
  once: now
  chain: variables.once
rules:
  - { id: unasked, title: t, message: m, require: variables.chain == variables.once }
  - { id: skipped, title: t, message: m, when: size(translations) > 0, require: variables.failing == "" }
  - { id: asked, title: t, message: m, require: variables.failing == "" }
`)
    const { held, findings } = judge(policy, present({}))
    expect(held).toEqual(['unasked'])
    expect(findings).toMatchObject([{ rule: 'asked', reason: 'rule-failed' }])
  })

  it('keep their value while one request is judged', () => {
    let evaluations = 0
    const values = makeVariables(() => ++evaluations)
    expect([values.read('twice'), values.read('twice'), evaluations]).toEqual([1, 1, 1])
    expect(Object.keys(values)).toEqual([])
  })
})
