import { beforeAll, describe, expect, it } from 'vitest'
import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
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
import { ISSUING, ROOT, mintChain, trustOf, type Chain } from './chain-fixture.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const at = (iso: string): Date => new Date(iso)
const years = { notBefore: at('2020-01-01T00:00:00Z'), notAfter: at('2040-01-01T00:00:00Z') }

let chain: Chain

beforeAll(async () => {
  chain = await mintChain(years)
})

const peerOf = (presented: readonly Buffer[]): Peer => ({ address: '192.0.2.1', tlsVersion: 'TLSv1.3', presented })

type Identify = (peer: Peer, now: Date) => VerifiedClient | null

function identification(trust: TrustStore = chain.trust, required = true, presentedLimit = 4): Identify {
  return createClientIdentification({ demand: { required, revocation: null }, trust, presentedLimit })
}

function findingOf(act: () => unknown): Finding {
  try {
    act()
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0]
    throw failure
  }
  throw new Error('accepted')
}

const base64 = (der: Buffer): string => `:${der.toString('base64')}:`

describe('identification', () => {
  it('gives facts, trust and RFC 9440 headers of a verified client', () => {
    const client = identification()(peerOf(presentedChain(chain.client)), NOW)
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
    expect(identification()(peerOf(presented), NOW)?.clientCertChainHeader).toBe(
      `${base64(lower.der)}, ${base64(chain.issuing.der)}`,
    )
    const direct = await mintClientCertificate(chain.root, years)
    expect(identification()(peerOf([direct.der, lower.der]), NOW)?.clientCertChainHeader).toBe('')
  })

  it('demands a certificate where the policy does, and otherwise lets a client go on without', () => {
    expect(findingOf(() => identification()(peerOf([]), NOW))).toMatchObject({
      reason: 'client-certificate-required',
      at: 'client certificate',
    })
    expect(identification(chain.trust, false)(peerOf([]), NOW)).toBeNull()
  })

  it('does not let a bad certificate pass for none where none is demanded', () => {
    const identify = identification(trustOf([]), false)
    expect(findingOf(() => identify(peerOf(presentedChain(chain.client)), NOW)).reason).toBe(
      'client-certificate-issuer-unknown',
    )
    expect(findingOf(() => identify(peerOf([Buffer.from('junk')]), NOW)).reason).toBe('client-certificate-malformed')
  })

  it('counts presented certificates before it looks at them', () => {
    const identify = identification(chain.trust, true, 3)
    const [own, ...others] = presentedChain(chain.client)
    const junk = Buffer.from('junk')
    expect(identify(peerOf([own ?? junk, ...others, junk]), NOW)).not.toBeNull()
    expect(findingOf(() => identify(peerOf([own ?? junk, ...others, junk, junk]), NOW))).toMatchObject({
      reason: 'client-certificate-chain-too-long',
      wanted: 'at most 3 certificates',
      found: '4',
    })
  })

  it('judges a connection once, acceptance and refusal alike', () => {
    const identify = identification()
    const good = peerOf(presentedChain(chain.client))
    expect(identify(good, NOW)).toBe(identify(good, NOW))
    const bad = peerOf([Buffer.from('junk')])
    const finding = findingOf(() => identify(bad, NOW))
    expect(findingOf(() => identify(bad, NOW))).toBe(finding)
  })

  it('does not take the verdict on one connection for another', () => {
    const identify = identification()
    identify(peerOf(presentedChain(chain.client)), NOW)
    expect(findingOf(() => identify(peerOf([Buffer.from('junk')]), NOW)).reason).toBe('client-certificate-malformed')
  })
})

describe('dates', () => {
  const CLIENT = { notBefore: at('2026-01-01T00:00:00Z'), notAfter: at('2026-12-31T23:59:59Z') }
  const verdictAt = (identify: Identify, peer: Peer, iso: string): string => {
    try {
      return identify(peer, at(iso)) === null ? 'none' : 'accepted'
    } catch (failure) {
      if (failure instanceof Refusal) return failure.findings[0].reason
      throw failure
    }
  }

  it('are asked anew on every request of a connection, so that a verdict does not age', async () => {
    const peer = peerOf(presentedChain(await mintClientCertificate(chain.issuing, CLIENT)))
    const identify = identification()
    expect(
      ['2026-06-01T00:00:00Z', '2027-01-01T00:00:00Z', '2025-06-01T00:00:00Z', '2026-06-01T00:00:00Z'].map((iso) =>
        verdictAt(identify, peer, iso),
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
    expect(moments.map((iso) => verdictAt(identification(), peer, iso))).toEqual([
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
    expect(findingOf(() => identification()(peerOf(presentedChain(leaf)), NOW))).toMatchObject({
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
    const finding = findingOf(() => identification(trustOf([root]))(peer, NOW))
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
    expect(identify(peer, at('2023-01-01T00:00:00Z'))?.clientCertChainHeader).toBe(base64(expired.der))
    expect(identify(peer, NOW)?.clientCertChainHeader).toBe(base64(renewed.der))
  })
})
