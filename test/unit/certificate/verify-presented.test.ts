import { beforeAll, describe, expect, it } from 'vitest'
import { verifyPresented, type PresentedVerdict } from '../../../src/certificate/verify-presented.ts'
import {
  CLIENT_AUTH,
  SERVER_AUTH,
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  type KeyType,
  type Subject,
} from '../../support/mint-certificates.ts'
import { der, derOid } from '../../support/write-der.ts'
import { ISSUING, ROOT, mintChain, trustOf, verifyChain, type Chain } from './chain-fixture.ts'

let chain: Chain

beforeAll(async () => {
  chain = await mintChain()
})

/** The names on each path found, from the client's issuer up. */
function issuersOf(verdict: PresentedVerdict): readonly (readonly Buffer[])[] {
  if ('refused' in verdict) throw new Error(`refused: ${verdict.refused.reason}, found ${verdict.refused.found ?? ''}`)
  return verdict.paths.map(({ intermediates, anchor }) => [...intermediates, anchor].map((issuer) => issuer.der))
}

describe('verifyPresented accepts', () => {
  it.each<KeyType>(['rsa', 'rsa-3072', 'ec', 'ec-p384', 'ec-p521', 'ed25519'])(
    'a chain of %s keys',
    async (keyType) => {
      const top = await mintAuthority({ keyType, keyLabel: 'top' })
      const middle = await mintAuthority({ keyType, keyLabel: 'middle', issuer: top, subject: ISSUING })
      const leaf = await mintClientCertificate(middle, { keyType })
      expect(issuersOf(verifyChain(leaf, trustOf([top])))).toEqual([[middle.der, top.der]])
    },
  )

  it.each([
    ['SHA-384' as const, 'pkcs1' as const],
    ['SHA-512' as const, 'pkcs1' as const],
    ['SHA-256' as const, 'pss' as const],
    ['SHA-384' as const, 'pss' as const],
    ['SHA-512' as const, 'pss' as const],
  ])('RSA signatures with %s and %s', async (signatureHash, signaturePadding) => {
    const top = await mintAuthority({ keyType: 'rsa', keyLabel: 'top' })
    const leaf = await mintClientCertificate(top, { signatureHash, signaturePadding })
    expect(issuersOf(verifyChain(leaf, trustOf([top])))).toEqual([[top.der]])
  })

  it('a client certificate that an anchor issued', async () => {
    expect(issuersOf(verifyChain(await mintClientCertificate(chain.root), chain.trust))).toEqual([[chain.root.der]])
  })

  it('intermediates that are held when the client does not send them', () => {
    expect(issuersOf(verifyPresented(chain.client.der, [], trustOf([chain.root], [chain.issuing])))).toEqual([
      [chain.issuing.der, chain.root.der],
    ])
  })

  it('one path, not two, when the client sends what is held, the anchor included', () => {
    const store = trustOf([chain.root], [chain.issuing])
    expect(issuersOf(verifyPresented(chain.client.der, [chain.issuing.der, chain.root.der], store))).toEqual([
      [chain.issuing.der, chain.root.der],
    ])
  })

  it('an intermediate as anchor, without the root above it', () => {
    expect(issuersOf(verifyChain(chain.client, trustOf([chain.issuing])))).toEqual([[chain.issuing.der]])
  })

  it('what else the client sends, in any order, readable or not', async () => {
    const deep = await mintAuthority({ issuer: chain.issuing, subject: [['CN', 'Deep']] })
    const leaf = await mintClientCertificate(deep)
    const stranger = await mintSelfSigned()
    const others = [Buffer.from('junk'), stranger.der, chain.issuing.der, Buffer.alloc(0), leaf.der, deep.der]
    expect(issuersOf(verifyPresented(leaf.der, others, chain.trust))).toEqual([
      [deep.der, chain.issuing.der, chain.root.der],
    ])
  })

  it('issuer names in another encoding, letter case and spacing (RFC 5280 7.1)', async () => {
    const issuerName: Subject = [
      ['O', 'EXAMPLE', 'printable'],
      ['CN', ' issuing  ', 'bmp'],
    ]
    expect(issuersOf(verifyChain(await mintClientCertificate(chain.issuing, { issuerName }), chain.trust))).toEqual([
      [chain.issuing.der, chain.root.der],
    ])
  })

  it('any of several authorities of the same name, whatever their key identifiers say', async () => {
    const twins = await Promise.all([1, 2, 3].map(() => mintAuthority({ subject: ROOT })))
    const leaves = await Promise.all(twins.map((twin) => mintClientCertificate(twin)))
    for (const [index, leaf] of leaves.entries()) {
      expect(issuersOf(verifyChain(leaf, trustOf(twins)))).toEqual([[twins[index]?.der]])
    }
  })

  it('every way to trust there is, so that one may outlast the other', async () => {
    const otherRoot = await mintAuthority({ subject: [['CN', 'Other root']] })
    const cross = await mintAuthority({ subject: ISSUING, issuer: otherRoot, keyLabel: 'cross' })
    const first = await mintAuthority({ subject: ISSUING, issuer: chain.root, keyLabel: 'cross' })
    const leaf = await mintClientCertificate(first)
    const verdict = verifyPresented(leaf.der, [cross.der], trustOf([chain.root, otherRoot], [first]))
    expect(issuersOf(verdict)).toEqual([
      [first.der, chain.root.der],
      [cross.der, otherRoot.der],
    ])
  })

  it('a certificate of an authority for itself after it changed its key, which no path length counts', async () => {
    const limited = await mintAuthority({ subject: ROOT, pathLength: 0 })
    const renewed = await mintAuthority({ subject: ROOT, issuer: limited })
    expect(issuersOf(verifyChain(await mintClientCertificate(renewed), trustOf([limited])))).toEqual([
      [renewed.der, limited.der],
    ])
  })

  it('a path length that is just enough', async () => {
    const limited = await mintAuthority({ pathLength: 1 })
    const middle = await mintAuthority({ issuer: limited, subject: ISSUING, pathLength: 0 })
    expect(issuersOf(verifyChain(await mintClientCertificate(middle), trustOf([limited])))).toHaveLength(1)
  })

  it('authorities without key usage, and with purposes that include clients', async () => {
    const open = await mintAuthority({ keyUsage: null })
    const clients = await mintAuthority({
      issuer: open,
      subject: ISSUING,
      extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
    })
    expect(issuersOf(verifyChain(await mintClientCertificate(clients), trustOf([open])))).toHaveLength(1)
  })

  it('client certificates without key usage, with critical extensions that are obeyed, and with unknown ones that are not critical', async () => {
    const extraExtensions = [
      { oid: '2.5.29.32', critical: true, value: der(0x30, der(0x30, derOid('1.2.3'))) },
      { oid: '1.2.3.4', critical: false, value: der(0x05) },
    ]
    const leaf = await mintClientCertificate(chain.issuing, { keyUsage: null, extraExtensions })
    expect(issuersOf(verifyChain(leaf, chain.trust))).toHaveLength(1)
  })
})
