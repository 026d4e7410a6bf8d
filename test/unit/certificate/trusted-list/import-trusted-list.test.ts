import { beforeAll, describe, expect, it } from 'vitest'
import { parsePemBundle } from '../../../../src/certificate/trust/parse-pem-bundle.ts'
import { mintAuthority, mintClientCertificate } from '../../../support/mint-certificates.ts'
import {
  CA_QC,
  SERVICE_TYPE,
  signTrustedList,
  writeTrustedList,
  type ListOptions,
  type MintedService,
} from '../../../support/mint-trusted-list.ts'
import { faultsOf, mintScene, planOf, withService, type Attempt, type Scene } from './list-fixture.ts'

let scene: Scene
const sign = (options: ListOptions): Buffer => signTrustedList(writeTrustedList(options), scene.operator)
const faults = (options: ListOptions, how: Partial<Attempt> = {}): readonly string[] =>
  faultsOf(sign({ ...withService(scene.issuing), ...options }), { pem: scene.operator.pem, ...how })

/** Names of the services that are taken, and what becomes of the others. */
function selected(services: readonly MintedService[], how: Partial<Attempt> = {}): object {
  const base = { name: 'base', certificates: [scene.issuing.der], purposes: ['ForWebSiteAuthentication', 'ForeSeals'] }
  const { roots, leftOut } = planOf(sign({ providers: { A: [base, ...services] } }), {
    pem: scene.operator.pem,
    ...how,
  }).selection
  return {
    taken: roots.map(({ services: found }) => found.map(({ name }) => name).join('+')),
    leftOut: leftOut.map(({ reason, detail }) => (detail === '' ? reason : `${reason}: ${detail}`)),
  }
}

beforeAll(async () => {
  scene = await mintScene()
})

describe('importTrustedList', () => {
  it('takes what is granted for web sites, subordinate authorities included, from every provider', async () => {
    const other = await mintAuthority({ subject: [['CN', 'Other']], keyType: 'ec-p384' })
    const plan = planOf(
      sign({
        providers: {
          'Trust NV': [{ name: 'Web CA', certificates: [scene.issuing.der] }],
          'Andere & Söhne': [{ name: 'ΑΒΓ', certificates: [other.der], history: 'withdrawn' }],
        },
      }),
      { pem: scene.operator.pem },
    )
    expect(plan.scheme).toEqual({
      territory: 'BE',
      operator: 'Scheme Operator',
      sequenceNumber: 7,
      issued: new Date('2026-10-01T00:00:00Z'),
      nextUpdate: new Date('2027-03-31T00:00:00Z'),
    })
    expect(plan.files.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^be-web-ca-[0-9a-f]{16}\.pem$/),
      expect.stringMatching(/^be-service-[0-9a-f]{16}\.pem$/),
    ])
    expect(plan.files.map(({ text }) => parsePemBundle(text).map(({ der }) => der))).toEqual([
      [scene.issuing.der],
      [other.der],
    ])
    expect(plan.files[1]?.text).toMatch(
      /^# provider: Andere & Söhne\n# service: ΑΒΓ\n# status: granted since 2020-01-01T00:00:00.000Z\n# subject: CN=Other\n# valid until: .*\n-----BEGIN/,
    )
  })

  it('leaves out what is of another type, not granted, granted for something else, or not yet', async () => {
    const certificates = [(await mintAuthority()).der]
    expect(
      selected([
        { name: 'stamps', type: `${SERVICE_TYPE}TSA/QTST`, certificates },
        { name: 'not qualified', type: `${SERVICE_TYPE}CA/PKC`, certificates },
        { name: 'withdrawn', status: 'withdrawn', certificates, history: 'granted' },
        { name: 'signatures', purposes: ['ForeSignatures'], certificates },
        { name: 'of old', purposes: [], certificates },
        { name: 'tomorrow', since: '2026-11-27T00:00:00Z', certificates },
        { name: 'whenever', since: 'soon', certificates },
        { name: 'prefix', type: `${CA_QC}/x`, certificates },
      ]),
    ).toEqual({
      taken: ['base'],
      leftOut: [
        'of another type',
        'of another type',
        'not granted',
        'granted for other purposes',
        'granted for other purposes',
        'granted from a later time: 2026-11-27T00:00:00.000Z',
        'granted from a later time: a time that cannot be read',
        'of another type',
      ],
    })
  })

  it('leaves out certificates that can vouch for no client, and says why', async () => {
    const old = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') }
    const [weak, expired] = [await mintAuthority({ keyType: 'rsa-1024' }), await mintAuthority(old)]
    const serversOnly = await mintAuthority({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] })
    const client = await mintClientCertificate(scene.issuing)
    const each = [weak.der, expired.der, serversOnly.der, client.der, 'AAAA', '%%%%', '']
    expect(selected(each.map((certificate) => ({ name: 'x', certificates: [certificate] })))).toEqual({
      taken: ['base'],
      leftOut: [
        'with an unfit certificate: wanted RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519, found RSA of 1024 bits',
        'with an expired certificate: valid until 2021-01-01T00:00:00.000Z',
        'with an unfit certificate: wanted extended key usage clientAuth (1.3.6.1.5.5.7.3.2), found extended key usage 1.3.6.1.5.5.7.3.1',
        'with an unfit certificate: wanted basic constraints with cA true, found no certificate authority',
        expect.stringMatching(/^with a malformed certificate: /),
        'with a malformed certificate: no base64',
        'with a malformed certificate: no base64',
      ],
    })
  })

  it('leaves out services without a certificate, and those with a critical extension that is not known', async () => {
    const certificates = [(await mintAuthority()).der]
    expect(
      selected([{ name: 'none' }, { name: 'new', certificates, extensions: ['<x:Novel xmlns:x="urn:x"/>'] }]),
    ).toEqual({ taken: ['base'], leftOut: ['without a certificate', 'with an unknown critical extension: Novel'] })
  })

  it('takes services with qualifications, which concern single certificates', async () => {
    const extensions = ['<sie:Qualifications xmlns:sie="urn:sie"/>', '<tsl:ExpiredCertsRevocationInfo/>']
    const certificates = [(await mintAuthority()).der]
    expect(selected([{ name: 'more', certificates, extensions }])).toMatchObject({ taken: ['base', 'more'] })
  })

  it('merges an authority that is listed more than once, and takes every certificate of a service', async () => {
    const renewed = await mintAuthority()
    const certificates = [scene.issuing.der, renewed.der, renewed.der]
    expect(selected([{ name: 'again', certificates }])).toEqual({ taken: ['base+again', 'again'], leftOut: [] })
    const plan = planOf(
      sign({ providers: { A: [{ name: 'one', certificates }], B: [{ name: 'two', certificates }] } }),
      { pem: scene.operator.pem },
    )
    expect(plan.files[0]?.text).toMatch(/^# provider: A\n# service: one\n.*\n# provider: B\n# service: two\n/)
    expect(plan.files).toHaveLength(2)
  })

  it.each([
    ['web', ['ForWebSiteAuthentication'], ['base', 'x']],
    ['esign', ['ForeSignatures'], ['x']],
    ['eseal', ['ForeSeals'], ['base', 'x']],
    ['any', [], ['base', 'x']],
  ] as const)('takes what is granted for %s when asked to', async (purpose, purposes, taken) => {
    const certificates = [(await mintAuthority()).der]
    expect(selected([{ name: 'x', purposes, certificates }], { choice: { type: 'ca-qc', purpose } })).toMatchObject({
      taken,
    })
  })

  it('refuses a list of which nothing is left, and says what was left out', () => {
    const service = { name: 'x', certificates: [scene.issuing.der] }
    const services = [
      { ...service, status: 'withdrawn' },
      { ...service, status: 'withdrawn' },
      { ...service, type: 'x' },
    ]
    expect(faults({ providers: { A: services } })).toEqual([
      'be.xml: wanted at least one service to trust, found none; left out 2 not granted, 1 of another type',
    ])
    expect(faults({ providers: {} })).toEqual(['be.xml: wanted at least one service to trust, found none in the list'])
  })

  it('refuses a list that is out of date or from the future', () => {
    expect(faults({ nextUpdate: '2026-11-26T00:00:00Z' })).toEqual([
      'be.xml SchemeInformation/NextUpdate: wanted a next update after 2026-11-26T00:00:00.000Z, found 2026-11-26T00:00:00.000Z',
    ])
    expect(faults({ issued: '2026-11-26T00:00:01Z' })).toEqual([
      'be.xml SchemeInformation/ListIssueDateTime: wanted issued before 2026-11-26T00:00:00.000Z, found 2026-11-26T00:00:01.000Z',
    ])
  })

  it('refuses the list of a scheme that has ended, the list of the lists, and another version of the format', () => {
    expect(faults({ nextUpdate: null })).toEqual([
      'be.xml SchemeInformation/NextUpdate: wanted a time in UTC; a scheme that has ended leaves it out, found none',
    ])
    expect(faults({ type: 'http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists' })).toEqual([
      'be.xml SchemeInformation/TSLType: wanted a list of trust services, found the list of the lists',
    ])
    expect(faults({ version: '4' })).toEqual([
      'be.xml SchemeInformation/TSLVersionIdentifier: wanted version 5 or 6 of the format, found another one',
    ])
  })

  it('tells every fault at once: of the list, of the signer and of the folder', () => {
    const state = { kind: 'foreign', found: 'one without imported.json' } as const
    expect(faults({ territory: '../be', sequenceNumber: 0, issued: 'now' }, { state })).toEqual([
      'be.xml SchemeInformation/SchemeTerritory: wanted a territory of two capital letters, found none',
      'be.xml SchemeInformation/TSLSequenceNumber: wanted a whole number from 1, found none',
      'be.xml SchemeInformation/ListIssueDateTime: wanted a time in UTC, found none',
      'trust: wanted a folder that an import may write, found one without imported.json',
    ])
    expect(faultsOf(Buffer.from('<!DOCTYPE a>'), { pem: 'x', state })).toEqual([
      'be.xml: wanted no document type declaration, found one, or another declaration',
      'be.pem: wanted PEM certificates, found none',
      'trust: wanted a folder that an import may write, found one without imported.json',
    ])
  })
})

describe('names in a list', () => {
  it('never steer a path, begin a certificate or reach a terminal as they are', () => {
    const name = '../../etc/passwd\r-----BEGIN CERTIFICATE-----\u202e'
    const providers = { [name]: [{ name, certificates: [scene.issuing.der] }] }
    const [file] = planOf(sign({ providers }), { pem: scene.operator.pem }).files
    expect(file?.name).toMatch(/^be-etc-passwd-begin-certificate-[0-9a-f]{16}\.pem$/)
    expect(parsePemBundle(file?.text ?? '')).toHaveLength(1)
    expect(file?.text).toContain('\\u{202e}')
  })
})
