import { beforeAll, describe, expect, it } from 'vitest'
import { CertificateSyntaxError, parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { mintSelfSigned, type MintedCertificate, type MintedExtension } from '../../../support/mint-certificates.ts'
import {
  alternativeNames,
  crlDistributionPoints,
  generalName,
  inhibitAnyPolicy,
  nameConstraints,
  pointName,
  policyConstraints,
  policyMappings,
} from '../../../support/mint-extensions.ts'
import { der, derInteger, derNamedBits, derOid } from '../../../support/write-der.ts'
import { extensionList, rebuildCertificate } from './rebuild-certificate.ts'

const { directory, dns, email, ip, other, registeredId, uri } = generalName

let certificate: MintedCertificate

beforeAll(async () => {
  certificate = await mintSelfSigned()
})

/** The same certificate with these extensions alone. */
function parseWith(...extensions: readonly Omit<MintedExtension, 'critical'>[]): ParsedCertificate {
  const encoded = extensions.map(({ oid, value }) => der(0x30, derOid(oid), der(0x04, value)))
  return parseCertificate(rebuildCertificate(certificate.der, { extensions: extensionList(...encoded) }))
}

describe('parseCertificate', () => {
  it('reads name constraints (RFC 5280 4.2.1.10)', () => {
    const { nameConstraints: read } = parseWith(
      nameConstraints([dns('a.org'), ip(10, 0, 0, 0, 255, 0, 0, 0)], [email(''), directory([['CN', 'X']])]),
    )
    expect(read).toMatchObject({
      permitted: [
        { form: 'dns', text: 'a.org' },
        { form: 'ip', bytes: Buffer.from('0a000000ff000000', 'hex') },
      ],
      excluded: [
        { form: 'email', text: '' },
        { form: 'directory', key: '2.5.4.3=x' },
      ],
    })
    expect(parseWith(alternativeNames(dns('a.org'))).nameConstraints).toBeNull()
  })

  it('reads a minimum of zero that is written out', () => {
    const value = der(0x30, der(0xa0, der(0x30, dns('a.org'), der(0x80, Buffer.of(0)))))
    expect(parseWith({ oid: '2.5.29.30', value }).nameConstraints?.permitted).toEqual([{ form: 'dns', text: 'a.org' }])
  })

  it('reads alternative names of every form', () => {
    const forms = [
      other('1.2.3', der(5)),
      email('a@b.c'),
      dns('a.b'),
      der(0xa3),
      directory([]),
      der(0xa5),
      uri('a:b'),
      ip(1, 2, 3, 4),
      registeredId('1.2.3'),
    ]
    expect(parseWith(alternativeNames(...forms)).alternativeNames.map(({ form }) => form)).toEqual([
      'other',
      'email',
      'dns',
      'x400',
      'directory',
      'ediParty',
      'uri',
      'ip',
      'registeredId',
    ])
  })

  it('reads what it says of policies (RFC 5280 4.2.1.5, 4.2.1.11, 4.2.1.14)', () => {
    expect(parseWith(policyMappings(['1.2.3', '1.2.4']), policyConstraints(0, 5), inhibitAnyPolicy(2))).toMatchObject({
      policyMappings: [{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' }],
      requireExplicitPolicy: 0,
      inhibitPolicyMapping: 5,
      inhibitAnyPolicy: 2,
    })
    expect(parseWith(policyConstraints(null, 1))).toMatchObject({
      policyMappings: [],
      requireExplicitPolicy: null,
      inhibitPolicyMapping: 1,
      inhibitAnyPolicy: null,
    })
  })

  it('bounds the points of revocation lists, and the names of each', () => {
    const points = (count: number) =>
      crlDistributionPoints(...Array.from({ length: count }, () => [pointName(uri('a'))]))
    const names = (count: number): Buffer[] => Array.from({ length: count }, () => uri('a'))
    const point = (...parts: Buffer[]) => crlDistributionPoints(parts)
    expect(() => parseWith(points(65))).toThrow('cRLDistributionPoints has more than 64 points')
    expect(() => parseWith(point(pointName(...names(257))))).toThrow('name of distribution point has more than 256')
    expect(() => parseWith(point(der(0xa2, ...names(257))))).toThrow('cRLIssuer has more than 256 names')
    expect(parseWith(points(64)).crlDistributionPoints).toHaveLength(64)
    expect(() => parseWith(point(pointName(...names(256)), der(0xa2, ...names(256))))).not.toThrow()
  })

  it('reads where revocation is published (RFC 5280 4.2.1.13, 4.2.2.1)', () => {
    const method = (oid: string, name: Buffer): Buffer => der(0x30, derOid(oid), name)
    const access = der(
      0x30,
      method('1.3.6.1.5.5.7.48.1', uri('http://ocsp.a.org')),
      method('1.3.6.1.5.5.7.48.2', uri('http://a.org/ca.crt')),
      method('1.3.6.1.5.5.7.48.1', directory([['CN', 'X']])),
      method('1.3.6.1.5.5.7.48.3', uri('http://other.a.org')),
    )
    const points = crlDistributionPoints(
      [pointName(uri('http://a.org/1.crl'), directory([['CN', 'X']]))],
      [der(0x81, derNamedBits([1, 2]).subarray(2)), der(0xa2, directory([['CN', 'Y']]))],
      [der(0xa0, der(0xa1, der(0x30, derOid('2.5.4.3'), der(0x0c, Buffer.from('Z')))))],
    )
    expect(parseWith(points, { oid: '1.3.6.1.5.5.7.1.1', value: access })).toMatchObject({
      crlDistributionPoints: [
        {
          name: {
            form: 'full',
            names: [
              { form: 'uri', text: 'http://a.org/1.crl' },
              { form: 'directory', key: '2.5.4.3=x' },
            ],
          },
          reasons: null,
          crlIssuer: [],
        },
        { name: null, reasons: 0b110, crlIssuer: [{ form: 'directory', key: '2.5.4.3=y' }] },
        { name: { form: 'relative', attributes: [{ oid: '2.5.4.3', value: 'Z' }] } },
      ],
      ocspUrls: ['http://ocsp.a.org'],
      caIssuersUrls: ['http://a.org/ca.crt'],
    })
    expect(parseWith(alternativeNames(dns('a.org')))).toMatchObject({
      crlDistributionPoints: [],
      ocspUrls: [],
      caIssuersUrls: [],
    })
  })
})

describe('parseCertificate refuses', () => {
  const subtree = (...parts: readonly Buffer[]): Buffer => der(0x30, der(0xa0, der(0x30, ...parts)))
  const [NAMES, POLICIES, POINTS] = ['2.5.29.30', '2.5.29.32', '2.5.29.31']
  const policy = der(0x30, derOid('1.2.3'))

  it.each<[string, string, Buffer, string]>([
    ['empty name constraints', NAMES, der(0x30), 'nameConstraints is empty'],
    ['an empty list of subtrees', NAMES, der(0x30, der(0xa0)), 'nameConstraints has an empty list'],
    ['a subtree that is no name', NAMES, subtree(derInteger(1)), 'nameConstraints holds no general name'],
    ['a subtree with a minimum', NAMES, subtree(dns('a'), der(0x80, Buffer.of(1))), 'has a subtree with a minimum'],
    [
      'a subtree with a maximum',
      NAMES,
      subtree(dns('a'), der(0x81, Buffer.of(1))),
      'nameConstraints has unexpected fields',
    ],
    ['an address range without a mask', NAMES, subtree(ip(10, 0, 0, 0)), 'an address range that is none'],
    [
      'an address range with a mask with holes',
      NAMES,
      subtree(ip(10, 0, 0, 0, 255, 0, 255, 0)),
      'an address range that is none',
    ],
    ['a subtree beyond ASCII', NAMES, subtree(dns('ã')), 'no printable ASCII'],
    [
      'a policy twice (RFC 5280 4.2.1.4)',
      POLICIES,
      der(0x30, policy, policy),
      'certificatePolicies has a policy twice',
    ],
    ['empty policy mappings', '2.5.29.33', der(0x30), 'policyMappings is empty'],
    ['half a policy mapping', '2.5.29.33', der(0x30, der(0x30, derOid('1.2.3'))), 'subjectDomainPolicy is missing'],
    ['empty policy constraints', '2.5.29.36', der(0x30), 'policyConstraints is empty'],
    [
      'negative policy constraints',
      '2.5.29.36',
      der(0x30, der(0x80, Buffer.of(0xff))),
      'policyConstraints is negative',
    ],
    ['a negative inhibitAnyPolicy', '2.5.29.54', derInteger(-1), 'inhibitAnyPolicy is negative'],
    ['no distribution points', POINTS, der(0x30), 'cRLDistributionPoints is empty'],
    ['a distribution point without a place', POINTS, der(0x30, der(0x30)), 'distribution point without a name'],
    [
      'a distribution point of two names',
      POINTS,
      der(0x30, der(0x30, der(0xa0, der(0xa0, dns('a')), der(0xa0)))),
      'is no choice',
    ],
    ['a distribution point of another type', POINTS, der(0x30, der(0x30, der(0xa0, der(0xa2)))), 'of another type'],
    ['empty authority information', '1.3.6.1.5.5.7.1.1', der(0x30), 'authorityInfoAccess is empty'],
    [
      'authority information without a place',
      '1.3.6.1.5.5.7.1.1',
      der(0x30, policy),
      'accessLocation holds no general name',
    ],
    [
      'an alternative name of a form that does not exist',
      '2.5.29.17',
      der(0x30, der(0x89)),
      'subjectAltName holds no general name',
    ],
  ])('%s', (_, oid, value, message) => {
    expect(() => parseWith({ oid, value })).toThrow(CertificateSyntaxError)
    expect(() => parseWith({ oid, value })).toThrow(message)
  })
})
