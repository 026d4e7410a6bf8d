import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Disagreement } from '../../../src/certificate/compare-verdicts.ts'
import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import type { RevocationSources } from '../../../src/certificate/revocation/store/revocation-store.ts'
import type { TrustStore } from '../../../src/certificate/trust/trust-store.ts'
import type { Peer } from '../../../src/model/arrival.ts'
import { mintAuthority, mintClientCertificate, presentedChain } from '../../support/mint-certificates.ts'
import { A_CERTIFICATE, nobodyToAsk, ISSUING, mintChain, trustOf, type Chain } from './chain-fixture.ts'
import { findingOf, identification, NOW, peerOf, reasonOf, years, type Identify } from './identify-fixture.ts'

let chain: Chain

beforeAll(async () => {
  chain = await mintChain(years)
})

const base64 = (der: Buffer): string => `:${der.toString('base64')}:`

describe('identification', () => {
  it('gives facts, trust and RFC 9440 headers of a verified client', async () => {
    const client = await identification(chain.trust)(peerOf(presentedChain(chain.client)), NOW)
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
    expect((await identification(chain.trust)(peerOf(presented), NOW))?.clientCertChainHeader).toBe(
      `${base64(lower.der)}, ${base64(chain.issuing.der)}`,
    )
    const direct = await mintClientCertificate(chain.root, years)
    expect((await identification(chain.trust)(peerOf([direct.der, lower.der]), NOW))?.clientCertChainHeader).toBe('')
  })

  it('demands a certificate where the policy does, and otherwise lets a client go on without', async () => {
    expect(await findingOf(() => identification(chain.trust)(peerOf([]), NOW))).toMatchObject({
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
    const identify = identification(chain.trust)
    const good = peerOf(presentedChain(chain.client))
    expect(await identify(good, NOW)).toBe(await identify(good, NOW))
    const bad = peerOf([Buffer.from('junk')])
    const finding = await findingOf(() => identify(bad, NOW))
    expect(await findingOf(() => identify(bad, NOW))).toBe(finding)
  })

  it('does not take the verdict on one connection for another', async () => {
    const identify = identification(chain.trust)
    await identify(peerOf(presentedChain(chain.client)), NOW)
    expect(await reasonOf(() => identify(peerOf([Buffer.from('junk')]), NOW))).toBe('client-certificate-malformed')
  })
})

describe('two verdicts', () => {
  const told: Disagreement[] = []
  const edition = { now: 3 }
  const identify = (trust: () => TrustStore = () => chain.trust): Identify =>
    createClientIdentification({
      ...{ demand: A_CERTIFICATE, trust, presentedLimit: 4, trustEdition: () => edition.now, soleTrust: true },
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

  it('raise one alarm a connection, however often it asks', async () => {
    const stage = identify()
    const peer = heldAgainst('CERT_SIGNATURE_FAILURE')
    for (let request = 0; request < 3; request += 1) await reasonOf(() => stage(peer, NOW))
    await reasonOf(() => stage(heldAgainst('CERT_SIGNATURE_FAILURE'), NOW))
    expect(told).toHaveLength(2)
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
      ...{ trustEdition: () => null, soleTrust: true, onDisagreement: () => undefined, revocation: nobodyToAsk },
    })
    const peer = peerOf(presentedChain(chain.client))
    expect(await reasonOf(() => identify(peer, NOW))).toBe('client-certificate-issuer-unknown')
    trust = chain.trust
    expect((await identify(peer, NOW))?.trust).toBe('example')
    trust = trustOf([])
    expect(await reasonOf(() => identify(peer, NOW))).toBe('client-certificate-issuer-unknown')
  })
})

describe('revocation', () => {
  const REVOCATION = { check: ['crl'], unknown: 'accept', lastGoodHoldsSeconds: 0, issuers: [] } as const
  const good = { kind: 'good', source: 'crl', thisUpdate: NOW, nextUpdate: null } as const
  const revoked = { kind: 'revoked', source: 'crl', revokedAt: NOW, reason: null } as const
  const stage = (sources: RevocationSources, trust: () => TrustStore): Identify =>
    createClientIdentification({
      ...{ demand: { ...A_CERTIFICATE, revocation: REVOCATION }, trust, presentedLimit: 4, soleTrust: true },
      ...{ trustEdition: () => null, onDisagreement: () => undefined, revocation: () => sources },
    })

  it('of the client on one path is not forgotten on another, where nobody can tell', async () => {
    const twin = await mintAuthority({ subject: ISSUING, issuer: chain.root, ...years, keyLabel: 'twin' })
    const other = await mintAuthority({
      ...years,
      subject: ISSUING,
      issuer: chain.root,
      keyLabel: 'twin',
      serialNumber: '77',
    })
    const leaf = await mintClientCertificate(twin, years)
    let asked = 0
    const peek: RevocationSources['peek'] = ({ link }) => {
      if (link.certificate.facts.thumbprint !== thumbprintOf(leaf.der)) return { status: good, tried: [] }
      asked += 1
      return { status: asked === 1 ? revoked : { kind: 'unknown', why: 'nobody knows' }, tried: [] }
    }
    const identify = stage({ peek, ask: nobodyAnswers }, () => chain.trust)
    expect(await reasonOf(() => identify(peerOf([leaf.der, twin.der, other.der]), NOW))).toBe(
      'client-certificate-revoked',
    )
    expect(asked).toBe(1)
  })

  it('that takes its time does not outlive the trust it was asked under', async () => {
    let trust = chain.trust
    const ask: RevocationSources['ask'] = () => {
      trust = trustOf([])
      return Promise.resolve({ status: good, tried: [] })
    }
    const identify = stage({ peek: () => null, ask }, () => trust)
    expect(await reasonOf(() => identify(peerOf(presentedChain(chain.client)), NOW))).toBe(
      'client-certificate-issuer-unknown',
    )
  })

  it('is in the proof, source by source', async () => {
    const identify = stage({ peek: () => ({ status: good, tried: [] }), ask: nobodyAnswers }, () => chain.trust)
    expect((await identify(peerOf(presentedChain(chain.client)), NOW))?.revocation).toEqual([
      { of: 'client certificate', status: 'good', source: 'crl' },
      { of: 'issuer certificate', status: 'good', source: 'crl' },
    ])
  })
})

const nobodyAnswers: RevocationSources['ask'] = () => Promise.reject(new Error('asked'))
const thumbprintOf = (der: Buffer): string => parseCertificate(der).facts.thumbprint
