import { beforeAll, describe, expect, it } from 'vitest'
import { findChainLoss } from '../../../src/connection/find-chain-loss.ts'
import type { Arrival } from '../../../src/model/arrival.ts'
import {
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  SERVER_AUTH,
  type KeyType,
  type MintedAuthority,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { pemIdentity, serverCertificate, startEdge, type Edge } from './edge.ts'

const GET = ['GET / HTTP/1.1', 'Host: dcr', '', ''] as const
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const
const KEY_TYPES: readonly KeyType[] = ['rsa', 'ec']

const trusted = new Map<KeyType, MintedAuthority>()

beforeAll(async () => {
  for (const keyType of KEY_TYPES) trusted.set(keyType, await mintAuthority({ keyType, keyLabel: 'client root' }))
})

/** What an exchange on a new connection was told of its peer. */
async function peerOf(edge: Edge, options: Parameters<Edge['dial']>[0]): Promise<Arrival['peer'] | undefined> {
  const client = await edge.dial(options)
  client.send(...GET)
  expect(await client.answer()).toMatchObject({ status: 200 })
  return edge.arrivals.at(-1)?.peer
}

describe.each(VERSIONS.flatMap((version) => KEY_TYPES.map((keyType) => [version, keyType] as const)))(
  'the presented chain over %s with %s certificates',
  (version, keyType) => {
    async function startTrusting(): Promise<{ edge: Edge; root: MintedAuthority }> {
      const root = trusted.get(keyType)
      if (root === undefined) throw new Error('no root')
      // The chain must arrive whether or not OpenSSL knows the root.
      return {
        root,
        edge: await startEdge({
          server: { keyType },
          with: { clientIssuers: { anchors: [root.der], intermediates: [] } },
        }),
      }
    }

    it('arrives as it was sent: leaf first, then intermediates and junk in their order', async () => {
      const { edge, root } = await startTrusting()
      const issuing = await mintAuthority({ keyType, issuer: root, keyLabel: 'issuing' })
      const leaf = await mintClientCertificate(issuing, { keyType })
      const junk = await mintSelfSigned({ subject: [['CN', 'junk']] })
      for (const sent of [[leaf, issuing], [leaf, junk, issuing], [leaf, issuing, root, junk], [leaf]]) {
        const peer = await peerOf(edge, {
          cert: sent.map(({ pem }) => pem).join(''),
          key: leaf.privateKeyPem,
          minVersion: version,
          maxVersion: version,
        })
        expect(peer?.presented).toEqual(sent.map(({ der }) => der))
        expect(peer?.tlsVersion).toBe(version)
      }
    })

    it('arrives whole when the client comes again: no session is resumed (RFC 5246 section 7.3, RFC 8446 section 2.2)', async () => {
      const { edge, root } = await startTrusting()
      const issuing = await mintAuthority({ keyType, issuer: root, keyLabel: 'issuing' })
      const leaf = await mintClientCertificate(issuing, { keyType })
      const options = {
        cert: leaf.pem + issuing.pem,
        key: leaf.privateKeyPem,
        minVersion: version,
        maxVersion: version,
      }
      const first = await edge.dial(options)
      const sessions: Buffer[] = []
      first.socket.on('session', (session) => sessions.push(session))
      first.send(...GET)
      await first.answer()
      const session = sessions.at(-1) ?? first.socket.getSession()
      const again = await edge.dial({ ...options, ...(session === undefined ? {} : { session }) })
      again.send(...GET)
      await again.answer()
      expect(again.socket.isSessionReused()).toBe(false)
      expect(edge.arrivals.at(-1)?.peer.presented).toEqual([leaf.der, issuing.der])
    })

    it('is the same for every request on the connection', async () => {
      const { edge, root } = await startTrusting()
      const leaf = await mintClientCertificate(root, { keyType })
      const client = await edge.dial({
        cert: leaf.pem,
        key: leaf.privateKeyPem,
        minVersion: version,
        maxVersion: version,
      })
      for (let count = 0; count < 2; count++) {
        client.send(...GET)
        await client.answer()
      }
      expect(edge.arrivals.map(({ peer }) => peer.presented)).toEqual([[leaf.der], [leaf.der]])
    })
  },
)

describe('the verdict of OpenSSL', () => {
  /** What OpenSSL said of a client that presents these, first its own. */
  async function verdictOn(
    sent: readonly MintedCertificate[],
    issuers: { anchors?: readonly MintedCertificate[]; intermediates?: readonly MintedCertificate[] },
    secondOpinion = true,
  ): Promise<Arrival['peer']['openssl'] | undefined> {
    const { anchors = [], intermediates = [] } = issuers
    const clientIssuers = { anchors: anchors.map(({ der }) => der), intermediates: intermediates.map(({ der }) => der) }
    const edge = await startEdge({ with: { clientIssuers, secondOpinion } })
    const peer = await peerOf(edge, {
      cert: sent.map(({ pem }) => pem).join(''),
      ...(sent[0] === undefined ? {} : { key: sent[0].privateKeyPem }),
    })
    expect(peer?.presented).toEqual(sent.map(({ der }) => der))
    return peer?.openssl
  }

  const opinion = (error: string | null): object => ({ error, trustEdition: 0 })

  it('is given over presented and held intermediates', async () => {
    const root = await mintAuthority()
    const issuing = await mintAuthority({ issuer: root })
    const leaf = await mintClientCertificate(issuing)
    expect(await verdictOn([leaf, issuing], { anchors: [root] })).toEqual(opinion(null))
    expect(await verdictOn([leaf], { anchors: [root], intermediates: [issuing] })).toEqual(opinion(null))
    expect(await verdictOn([leaf], { anchors: [root] })).toEqual(opinion('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))
  })

  it('takes an anchor that is not self-signed, and an intermediate that is held for none', async () => {
    const root = await mintAuthority()
    const issuing = await mintAuthority({ issuer: root })
    const leaf = await mintClientCertificate(issuing)
    expect(await verdictOn([leaf], { anchors: [issuing] })).toEqual(opinion(null))
    expect(await verdictOn([leaf], { intermediates: [issuing] })).toEqual(opinion('UNABLE_TO_GET_ISSUER_CERT'))
  })

  it('refuses what is expired, for servers, or of nobody', async () => {
    const root = await mintAuthority()
    const expired = await mintClientCertificate(root, { notAfter: new Date(Date.now() - 1000) })
    const forServers = await mintClientCertificate(root, { extendedKeyUsage: [SERVER_AUTH] })
    expect(await verdictOn([expired], { anchors: [root] })).toEqual(opinion('CERT_HAS_EXPIRED'))
    expect(await verdictOn([forServers], { anchors: [root] })).toEqual(opinion('INVALID_PURPOSE'))
    expect(await verdictOn([await mintSelfSigned()], { anchors: [root] })).toEqual(
      opinion('DEPTH_ZERO_SELF_SIGNED_CERT'),
    )
  })

  it('is not asked for where nothing was presented or Node would lose what was', async () => {
    const root = await mintAuthority()
    expect(await verdictOn([], { anchors: [root] })).toBeNull()
    expect(await verdictOn([await mintClientCertificate(root)], { anchors: [root] }, false)).toBeNull()
  })

  it('says against which edition of the trusted issuers it was given', async () => {
    const root = await mintAuthority()
    const leaf = await mintClientCertificate(root)
    const edge = await startEdge()
    const identity = pemIdentity(await serverCertificate())
    edge.listener.renewTls(
      { identity, minVersion: 'TLSv1.2', cipherSuites: null },
      { anchors: [root.der], intermediates: [] },
    )
    const peer = await peerOf(edge, { cert: leaf.pem, key: leaf.privateKeyPem })
    expect(peer?.openssl).toEqual({ error: null, trustEdition: 1 })
    expect(edge.listener.trustEdition()).toBe(1)
  })
})

describe('this version of Node', () => {
  it('hands over what a client presents, or is found not to', async () => {
    const lost = await findChainLoss()
    const root = await mintAuthority()
    const issuing = await mintAuthority({ issuer: root })
    const leaf = await mintClientCertificate(issuing)
    const edge = await startEdge({ with: { clientIssuers: { anchors: [root.der], intermediates: [] } } })
    const peer = await peerOf(edge, { cert: leaf.pem + issuing.pem, key: leaf.privateKeyPem })
    expect(peer?.presented).toHaveLength(2 - lost)
  })
})

describe('a peer', () => {
  it('without a certificate gets through the handshake, to be told so in words', async () => {
    const edge = await startEdge()
    expect((await peerOf(edge, {}))?.presented).toEqual([])
  })

  it('with a certificate of nobody gets through the handshake too', async () => {
    const edge = await startEdge()
    const stranger = await mintSelfSigned({ keyType: 'ed25519', notAfter: new Date(Date.now() - 1000) })
    const peer = await peerOf(edge, { cert: stranger.pem, key: stranger.privateKeyPem })
    expect(peer?.presented).toEqual([stranger.der])
  })

  it('cannot be changed by those who are told of it', async () => {
    const edge = await startEdge()
    const peer = await peerOf(edge, {})
    expect(peer).toBeDefined()
    expect(Object.isFrozen(peer)).toBe(true)
    expect(Object.isFrozen(peer?.presented)).toBe(true)
  })
})
