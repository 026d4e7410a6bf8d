import { createServer, connect as connectTcp, type AddressInfo } from 'node:net'
import { pki, pkcs12, asn1 } from 'node-forge'
import { describe, expect, it } from 'vitest'
import { NO_CLIENT_ISSUERS } from '../../../src/connection/client-issuers.ts'
import { Secret } from '../../../src/model/secret.ts'
import { CIPHER_SUITES } from '../../../src/model/tls-settings.ts'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'
import { eventually, handshake, pemIdentity, serverCertificate, startEdge, type Edge } from './edge.ts'

const GET = ['GET / HTTP/1.1', 'Host: dcr', '', ''] as const

async function tlsOf(settings: {
  minVersion?: 'TLSv1.2' | 'TLSv1.3'
  cipherSuites?: readonly string[]
}): Promise<Edge> {
  const identity = pemIdentity(await serverCertificate())
  return startEdge({ with: { tls: { identity, minVersion: 'TLSv1.2', cipherSuites: null, ...settings } } })
}

describe('the handshake', () => {
  it.each([
    ['TLS 1.1', {}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const],
    ['a version below the one set', { minVersion: 'TLSv1.3' } as const, { maxVersion: 'TLSv1.2' } as const],
    [
      'block ciphers (RFC 9325 section 4.2)',
      {},
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA' } as const,
    ],
    [
      'suites that are not set',
      { cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const,
    ],
    ['HTTP/2 alone', {}, { ALPNProtocols: ['h2'] }],
  ])('is refused to %s, and counted by its code', async (_case, settings, client) => {
    const edge = await tlsOf(settings)
    await expect(edge.dial(client)).rejects.toThrow()
    await eventually(() => expect(edge.handshakeFailures).toEqual([expect.stringMatching(/^ERR_SSL_[A-Z0-9_]+$/)]))
    expect(edge.faults).toEqual([])
  })

  it('settles on HTTP/1.1 and on the suite that the server prefers', async () => {
    const edge = await tlsOf({ cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256'] })
    const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384'
    const { socket } = await edge.dial({ maxVersion: 'TLSv1.2', ciphers, ALPNProtocols: ['h2', 'http/1.1'] })
    expect(socket.alpnProtocol).toBe('http/1.1')
    expect(socket.getCipher().name).toBe('ECDHE-ECDSA-AES256-GCM-SHA384')
  })

  it('prefers the first of the suites that the settings list, where none is set', async () => {
    const edge = await tlsOf({})
    const suites = CIPHER_SUITES.filter((suite) => suite.startsWith('ECDHE-ECDSA-'))
    const { socket } = await edge.dial({ maxVersion: 'TLSv1.2', ciphers: suites.toReversed().join(':') })
    expect(socket.getCipher().name).toBe(suites[0])
  })

  it('is refused to whoever does not speak TLS, and none of what he said is told', async () => {
    const edge = await startEdge()
    const socket = await edge.dialTcp()
    socket.write('GET /secret HTTP/1.1\r\nHost: dcr\r\n\r\n')
    await eventually(() => expect(edge.handshakeFailures).toEqual(['ERR_SSL_HTTP_REQUEST']))
    expect(edge.early).toEqual([])
  })

  it('has a time limit', async () => {
    const edge = await startEdge({ limits: { handshakeTimeoutMs: 50 } })
    const idle = await edge.dialTcp()
    await new Promise((resolve) => idle.resume().once('close', resolve))
    expect(edge.handshakeFailures).toEqual(['ERR_TLS_HANDSHAKE_TIMEOUT'])
  })

  it('cannot be repeated on a connection, with another certificate for example', async () => {
    const edge = await startEdge()
    const client = await edge.dial({ maxVersion: 'TLSv1.2' })
    const failure = await new Promise<Error | null>((resolve) => {
      client.socket.once('error', resolve)
      client.socket.renegotiate({ rejectUnauthorized: false }, resolve)
    })
    expect(failure).toBeInstanceOf(Error)
    expect(edge.faults).toEqual([])
  })

  it('hints at the issuers that are trusted, and at no others', async () => {
    const issuer = await mintAuthority({ subject: [['CN', 'Hinted Root']] })
    expect(
      await plaintextOf(await startEdge({ with: { clientIssuers: { anchors: [issuer.der], intermediates: [] } } })),
    ).toContain('Hinted Root')
    const withoutHints = await plaintextOf(await startEdge())
    expect(withoutHints).not.toContain('Hinted Root')
    expect(withoutHints).not.toContain('DigiCert')
  })
})

describe('the certificate of the gateway', () => {
  it('may have an encrypted key', async () => {
    const certificate = await serverCertificate()
    const key = certificate.privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'opensesame',
    })
    const identity = {
      kind: 'pem',
      certificate: certificate.pem,
      privateKey: new Secret(String(key)),
      passphrase: new Secret('opensesame'),
    } as const
    const edge = await startEdge({ with: { tls: { identity, minVersion: 'TLSv1.2', cipherSuites: null } } })
    const { socket } = await edge.dial()
    expect(socket.getPeerCertificate().raw).toEqual(certificate.der)
  })

  it('may come in a PKCS#12 bundle', async () => {
    // The library that writes the bundle knows RSA alone.
    const certificate = await mintServerCertificate(await mintAuthority({ keyType: 'rsa', keyLabel: 'rsa root' }), {
      keyType: 'rsa',
    })
    const bundle = pkcs12.toPkcs12Asn1(
      pki.privateKeyFromPem(certificate.privateKeyPem),
      [pki.certificateFromPem(certificate.pem)],
      'opensesame',
      { algorithm: 'aes256' },
    )
    const identity = {
      kind: 'pkcs12',
      bundle: Buffer.from(asn1.toDer(bundle).getBytes(), 'latin1'),
      passphrase: new Secret('opensesame'),
    } as const
    const edge = await startEdge({ with: { tls: { identity, minVersion: 'TLSv1.2', cipherSuites: null } } })
    const { socket } = await edge.dial()
    expect(socket.getPeerCertificate().raw).toEqual(certificate.der)
  })

  it('can be renewed: running connections stay, new ones get the new one, and sessions are still not resumed', async () => {
    const edge = await startEdge()
    const running = await edge.dial()
    const renewed = await mintServerCertificate(await mintAuthority(), {})
    const issuer = await mintAuthority({ subject: [['CN', 'Hinted Root']] })
    edge.listener.renewTls(
      { identity: pemIdentity(renewed), minVersion: 'TLSv1.2', cipherSuites: null },
      { anchors: [issuer.der], intermediates: [] },
    )
    running.send(...GET)
    expect(await running.answer()).toMatchObject({ status: 200 })
    const next = await edge.dial({ maxVersion: 'TLSv1.2' })
    expect(next.socket.getPeerCertificate().raw).toEqual(renewed.der)
    const session = next.socket.getSession()
    const again = await edge.dial({ maxVersion: 'TLSv1.2', ...(session === undefined ? {} : { session }) })
    expect(again.socket.isSessionReused()).toBe(false)
    expect(await plaintextOf(edge)).toContain('Hinted Root')
  })

  it('stays when the renewed one cannot be used', async () => {
    const edge = await startEdge()
    const [one, other] = [await serverCertificate({ keyLabel: 'one' }), await serverCertificate({ keyLabel: 'other' })]
    const identity = {
      kind: 'pem',
      certificate: one.pem,
      privateKey: new Secret(other.privateKeyPem),
      passphrase: null,
    } as const
    expect(() =>
      edge.listener.renewTls({ identity, minVersion: 'TLSv1.2', cipherSuites: null }, NO_CLIENT_ISSUERS),
    ).toThrow()
    const client = await edge.dial()
    client.send(...GET)
    expect(await client.answer()).toMatchObject({ status: 200 })
  })
})

/** What the server says in a TLS 1.2 handshake before encryption starts: its CertificateRequest among the rest. */
async function plaintextOf(edge: Edge): Promise<string> {
  const said: Buffer[] = []
  const tap = createServer((client) => {
    const server = connectTcp(edge.listener.port, '127.0.0.1')
    server.on('data', (chunk: Buffer) => said.push(chunk))
    for (const socket of [client, server]) socket.on('error', () => undefined)
    client.pipe(server).pipe(client)
  })
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve))
  const { port } = tap.address() as AddressInfo
  const socket = await handshake({ host: '127.0.0.1', port, maxVersion: 'TLSv1.2', rejectUnauthorized: false })
  socket.destroy()
  await new Promise((resolve) => tap.close(resolve))
  return Buffer.concat(said).toString('latin1')
}
