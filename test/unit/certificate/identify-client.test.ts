import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Disagreement } from '../../../src/certificate/compare-verdicts.ts'
import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import type { TrustStore } from '../../../src/certificate/trust/trust-store.ts'
import type { Peer } from '../../../src/model/arrival.ts'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { A_CERTIFICATE, nobodyToAsk, ISSUING, ROOT, mintChain, trustOf, type Chain } from './chain-fixture.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const at = (iso: string): Date => new Date(iso)
const years = { notBefore: at('2020-01-01T00:00:00Z'), notAfter: at('2040-01-01T00:00:00Z') }

let chain: Chain

beforeAll(async () => {
  chain = await mintChain(years)
})

const peerOf = (presented: readonly Buffer[]): Peer => ({
  address: '192.0.2.1',
  tlsVersion: 'TLSv1.3',
  presented,
  openssl: null,
})

type Identify = (peer: Peer, now: Date) => Promise<VerifiedClient | null>

function identification(trust: TrustStore = chain.trust, required = true, presentedLimit = 4): Identify {
  return createClientIdentification({
    ...{ demand: { ...A_CERTIFICATE, required }, trust: () => trust, presentedLimit },
    ...{ trustEdition: () => null, onDisagreement: () => undefined, revocation: nobodyToAsk },
  })
}

async function findingOf(act: () => Promise<unknown>): Promise<Finding> {
  try {
    await act()
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0]
    throw failure
  }
  throw new Error('accepted')
}

const reasonOf = async (act: () => Promise<unknown>): Promise<string> => (await findingOf(act)).reason

const base64 = (der: Buffer): string => `:${der.toString('base64')}:`

describe('identification', () => {
  it('gives facts, trust and RFC 9440 headers of a verified client', async () => {
    const client = await identification()(peerOf(presentedChain(chain.client)), NOW)
    expect(client).toMatchObject({
      trust: 'example',
      clientCertHeader: base64(chain.client.der),
      clientCertChainHeader: base64(chain.issuing.der),
    })
    expect(client?.certificate.subject.flat().map(({ value }) => value)).toEqual(['client.example.com'])
  })

  it('lists the verified path without client and anchor, not what was presented (RFC 9440 2.2)', async () => {
    const lower = await mintAuthority({ issuer: chain.issuing, subject: [['CN', 'Lower']], ...years })
    const leaf = await mintClientCertificate(lower, years)
    const presented = [leaf.der, chain.root.der, chain.issuing.der, lower.der]
    expect((await identification()(peerOf(presented), NOW))?.clientCertChainHeader).toBe(
      `${base64(lower.der)}, ${base64(chain.issuing.der)}`,
    )
    const direct = await mintClientCertificate(chain.root, years)
    expect((await identification()(peerOf([direct.der, lower.der]), NOW))?.clientCertChainHeader).toBe('')
  })

  it('demands a certificate where the policy does, and otherwise lets a client go on without', async () => {
    expect(await findingOf(() => identification()(peerOf([]), NOW))).toMatchObject({
      reason: 'client-certificate-required',
      at: 'client certificate',
    })
    expect(await identification(chain.trust, false)(peerOf([]), NOW)).toBeNull()
  })

  it('does not let a bad certificate pass for none where none is demanded', async () => {
    const identify = identification(trustOf([]), false)
    expect(await reasonOf(() => identify(peerOf(presentedChain(chain.client)), NOW))).toBe(
      'client-certificate-issuer-unknown',
    )
    expect(await reasonOf(() => identify(peerOf([Buffer.from('junk')]), NOW))).toBe('client-certificate-malformed')
  })

  it('counts presented certificates before it looks at them', async () => {
    const identify = identification(chain.trust, true, 3)
    const [own, ...others] = presentedChain(chain.client)
    const junk = Buffer.from('junk')
    expect(await identify(peerOf([own ?? junk, ...others, junk]), NOW)).not.toBeNull()
    expect(await findingOf(() => identify(peerOf([own ?? junk, ...others, junk, junk]), NOW))).toMatchObject({
      reason: 'client-certificate-chain-too-long',
      wanted: 'at most 3 certificates',
      found: '4',
    })
  })

  it('judges a connection once, acceptance and refusal alike', async () => {
    const identify = identification()
    const good = peerOf(presentedChain(chain.client))
    expect(await identify(good, NOW)).toBe(await identify(good, NOW))
    const bad = peerOf([Buffer.from('junk')])
    const finding = await findingOf(() => identify(bad, NOW))
    expect(await findingOf(() => identify(bad, NOW))).toBe(finding)
  })

  it('does not take the verdict on one connection for another', async () => {
    const identify = identification()
    await identify(peerOf(presentedChain(chain.client)), NOW)
    expect(await reasonOf(() => identify(peerOf([Buffer.from('junk')]), NOW))).toBe('client-certificate-malformed')
  })
})

describe('two verdicts', () => {
  const told: Disagreement[] = []
  const edition = { now: 3 }
  const identify = (trust: () => TrustStore = () => chain.trust): Identify =>
    createClientIdentification({
      ...{ demand: A_CERTIFICATE, trust, presentedLimit: 4, trustEdition: () => edition.now },
      revocation: nobodyToAsk,
      onDisagreement: (disagreement) => told.push(disagreement),
    })
  const heldAgainst = (error: string | null, presented = presentedChain(chain.client)): Peer => ({
    ...peerOf(presented),
    openssl: { error, trustEdition: 3 },
  })

  beforeEach(() => {
    told.length = 0
    edition.now = 3
  })

  it('that agree are one', async () => {
    expect(await identify()(heldAgainst(null), NOW)).not.toBeNull()
    expect(await reasonOf(() => identify(() => trustOf([]))(heldAgainst('UNABLE_TO_GET_ISSUER_CERT'), NOW))).toBe(
      'client-certificate-issuer-unknown',
    )
    expect(told).toEqual([])
  })

  it('refuse a client that OpenSSL refused, and somebody hears of it', async () => {
    const finding = await findingOf(() => identify()(heldAgainst('CERT_SIGNATURE_FAILURE'), NOW))
    expect(finding).toMatchObject({
      reason: 'client-certificate-verdict-disputed',
      detail: 'OpenSSL says CERT_SIGNATURE_FAILURE',
    })
    const { thumbprint } = parseCertificate(chain.client.der).facts
    expect(told).toEqual([{ openssl: 'CERT_SIGNATURE_FAILURE', ours: null, thumbprint, outdated: false }])
  })

  it('that differ because the trusted issuers were renewed meanwhile ask for a new connection', async () => {
    edition.now = 4
    const finding = await findingOf(() => identify()(heldAgainst('UNABLE_TO_GET_ISSUER_CERT'), NOW))
    expect(finding).toMatchObject({
      reason: 'client-certificate-verdict-disputed',
      found: 'a connection from before',
    })
    expect(told).toMatchObject([{ outdated: true }])
  })

  it('do not make a client good that we refuse, and a refusal that OpenSSL should share is told', async () => {
    const other = await mintAuthority({ subject: ISSUING, issuer: chain.root, ...years })
    const forged = [chain.client.der, other.der]
    expect(await reasonOf(() => identify()(heldAgainst(null, forged), NOW))).toBe(
      'client-certificate-signature-invalid',
    )
    expect(told).toMatchObject([{ openssl: null, ours: 'client-certificate-signature-invalid' }])
  })

  it('may differ where one endpoint trusts less than all of them together', async () => {
    expect(await reasonOf(() => identify(() => trustOf([]))(heldAgainst(null), NOW))).toBe(
      'client-certificate-issuer-unknown',
    )
    expect(told).toEqual([])
  })
})

describe('renewed trusted issuers', () => {
  it('judge running connections anew, both ways', async () => {
    let trust = trustOf([])
    const identify = createClientIdentification({
      ...{ demand: A_CERTIFICATE, trust: () => trust, presentedLimit: 4 },
      ...{ trustEdition: () => null, onDisagreement: () => undefined, revocation: nobodyToAsk },
    })
    const peer = peerOf(presentedChain(chain.client))
    expect(await reasonOf(() => identify(peer, NOW))).toBe('client-certificate-issuer-unknown')
    trust = chain.trust
    expect((await identify(peer, NOW))?.trust).toBe('example')
    trust = trustOf([])
    expect(await reasonOf(() => identify(peer, NOW))).toBe('client-certificate-issuer-unknown')
  })
})

describe('dates', () => {
  const CLIENT = { notBefore: at('2026-01-01T00:00:00Z'), notAfter: at('2026-12-31T23:59:59Z') }
  const verdictAt = async (identify: Identify, peer: Peer, iso: string): Promise<string> => {
    try {
      return (await identify(peer, at(iso))) === null ? 'none' : 'accepted'
    } catch (failure) {
      if (failure instanceof Refusal) return failure.findings[0].reason
      throw failure
    }
  }

  it('are asked anew on every request of a connection, so that a verdict does not age', async () => {
    const peer = peerOf(presentedChain(await mintClientCertificate(chain.issuing, CLIENT)))
    const identify = identification()
    expect(
      await Promise.all(
        ['2026-06-01T00:00:00Z', '2027-01-01T00:00:00Z', '2025-06-01T00:00:00Z', '2026-06-01T00:00:00Z'].map((iso) =>
          verdictAt(identify, peer, iso),
        ),
      ),
    ).toEqual(['accepted', 'client-certificate-expired', 'client-certificate-not-yet-valid', 'accepted'])
  })

  it('include both bounds (RFC 5280 4.1.2.5)', async () => {
    const peer = peerOf(presentedChain(await mintClientCertificate(chain.issuing, CLIENT)))
    const moments = [
      '2025-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00Z',
      '2026-12-31T23:59:59Z',
      '2026-12-31T23:59:59.001Z',
    ]
    expect(await Promise.all(moments.map((iso) => verdictAt(identification(), peer, iso)))).toEqual([
      'client-certificate-not-yet-valid',
      'accepted',
      'accepted',
      'client-certificate-expired',
    ])
  })

  it('of the client are named before those of its issuers, with what was wanted and found', async () => {
    const expired = await mintAuthority({
      subject: ISSUING,
      issuer: chain.root,
      ...years,
      notAfter: at('2022-01-01T00:00:00Z'),
    })
    const leaf = await mintClientCertificate(expired, { ...years, notAfter: at('2021-01-01T00:00:00Z') })
    expect(await findingOf(() => identification()(peerOf(presentedChain(leaf)), NOW))).toMatchObject({
      reason: 'client-certificate-expired',
      at: 'client certificate',
      message: 'the client certificate has expired',
      wanted: 'valid at 2026-11-23T12:00:00.000Z',
      found: 'valid from 2020-01-01T00:00:00.000Z until 2021-01-01T00:00:00.000Z',
    })
  })

  it.each([
    [
      'an intermediate has expired',
      { notAfter: at('2025-01-01T00:00:00Z') },
      {},
      'has expired',
      'until 2025-01-01T00:00:00.000Z, of CN=Issuing,O=Example',
    ],
    [
      'an intermediate is not valid yet',
      { notBefore: at('2027-01-01T00:00:00Z') },
      {},
      'is not valid yet',
      'from 2027-01-01T00:00:00.000Z',
    ],
    ['the anchor has expired', {}, { notAfter: at('2025-01-01T00:00:00Z') }, 'has expired', 'of CN=Root,O=Example'],
    [
      'the anchor is not valid yet',
      {},
      { notBefore: at('2027-01-01T00:00:00Z') },
      'is not valid yet',
      'of CN=Root,O=Example',
    ],
  ])('count for issuers as well: %s', async (_, ofIssuing, ofRoot, message, found) => {
    const root = await mintAuthority({ subject: ROOT, ...years, ...ofRoot })
    const issuing = await mintAuthority({ subject: ISSUING, issuer: root, ...years, ...ofIssuing })
    const peer = peerOf(presentedChain(await mintClientCertificate(issuing, years)))
    const finding = await findingOf(() => identification(trustOf([root]))(peer, NOW))
    expect(finding).toMatchObject({ reason: 'client-certificate-issuer-expired', at: 'issuer certificate' })
    expect(finding.message).toBe(`the issuer certificate ${message}`)
    expect(finding.found).toContain(found)
  })

  it('decide between several paths: an expired one does not spoil one that is valid', async () => {
    const expired = await mintAuthority({
      subject: ISSUING,
      issuer: chain.root,
      keyLabel: 'renewed',
      ...years,
      notAfter: at('2025-01-01T00:00:00Z'),
    })
    const renewed = await mintAuthority({
      subject: ISSUING,
      issuer: chain.root,
      keyLabel: 'renewed',
      ...years,
      notBefore: at('2024-01-01T00:00:00Z'),
    })
    const leaf: MintedCertificate = await mintClientCertificate(expired, years)
    const identify = identification(trustOf([chain.root], [expired]))
    const peer = peerOf([leaf.der, renewed.der])
    expect((await identify(peer, at('2023-01-01T00:00:00Z')))?.clientCertChainHeader).toBe(base64(expired.der))
    expect((await identify(peer, NOW))?.clientCertChainHeader).toBe(base64(renewed.der))
  })
})
