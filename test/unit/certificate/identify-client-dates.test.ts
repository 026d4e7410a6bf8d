import { beforeAll, describe, expect, it } from 'vitest'
import type { Peer } from '../../../src/model/arrival.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { ISSUING, ROOT, mintChain, trustOf, type Chain } from './chain-fixture.ts'
import { at, findingOf, identification, NOW, peerOf, years, type Identify } from './identify-fixture.ts'

let chain: Chain

beforeAll(async () => {
  chain = await mintChain(years)
})

const base64 = (der: Buffer): string => `:${der.toString('base64')}:`

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
    const identify = identification(chain.trust)
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
    expect(await Promise.all(moments.map((iso) => verdictAt(identification(chain.trust), peer, iso)))).toEqual([
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
    expect(await findingOf(() => identification(chain.trust)(peerOf(presentedChain(leaf)), NOW))).toMatchObject({
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
