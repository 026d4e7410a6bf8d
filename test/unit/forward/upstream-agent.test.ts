import tls, { createServer, type TLSSocket } from 'node:tls'
import { request } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildUpstreamAgent } from '../../../src/forward/upstream-agent.ts'
import { mintAuthority, mintClientCertificate, mintServerCertificate } from '../../support/mint-certificates.ts'

const authority = await mintAuthority()
const server = await mintServerCertificate(authority)
const gateway = await mintClientCertificate(authority)
const another = await mintAuthority()

interface Given {
  readonly ca?: string | null
  readonly clientCertificate?: { readonly certificate: string; readonly privateKey: string }
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
}

/** What the identity server saw of a handshake with an agent, or the code with which there was none. */
async function handshake({ ca = authority.pem, clientCertificate, maxVersion = 'TLSv1.3' }: Given) {
  const seen: { protocol: string | null; presented: string | undefined }[] = []
  const listener = createServer(
    {
      ...{
        cert: server.pem,
        key: server.privateKeyPem,
        ca: authority.pem,
        requestCert: true,
        rejectUnauthorized: false,
      },
      ...{ minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' },
    },
    (socket: TLSSocket) => {
      seen.push({ protocol: socket.getProtocol(), presented: socket.getPeerX509Certificate()?.raw.toString('base64') })
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    },
  ).on('tlsClientError', () => undefined)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const agent = buildUpstreamAgent({
    ...{ origin: `https://127.0.0.1:${port}`, ca, clientCertificate: clientCertificate ?? null },
    ...{ timeoutMs: 1000, maxSockets: 1, responseLimitBytes: 1000, onEvent: () => undefined },
  })
  onTestFinished(() => {
    agent.destroy()
    listener.close()
  })
  const outcome = once(request({ host: '127.0.0.1', port, agent }).end(), 'response')
  const code = await outcome.then(
    () => null,
    (failure: unknown) => (failure as NodeJS.ErrnoException).code,
  )
  return { code, seen }
}

describe('a connection to the identity server', () => {
  it('presents the certificate that the gateway authenticates with, and none where none is set', async () => {
    const clientCertificate = { certificate: gateway.pem, privateKey: gateway.privateKeyPem }
    const presented = await handshake({ clientCertificate })
    expect(presented.seen).toEqual([{ protocol: 'TLSv1.3', presented: gateway.der.toString('base64') }])
    expect((await handshake({})).seen).toEqual([{ protocol: 'TLSv1.3', presented: undefined }])
  })

  it('may be of TLS 1.2 and of nothing older, whatever Node was told (RFC 8996)', async () => {
    const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls
    onTestFinished(() => void Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS }))
    Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' })
    expect((await handshake({ maxVersion: 'TLSv1.2' })).seen[0]?.protocol).toBe('TLSv1.2')
    const old = await handshake({ maxVersion: 'TLSv1.1' })
    expect(old.seen).toEqual([])
    expect(old.code).toMatch(/^(ERR_SSL_.*|EPROTO)$/)
  })

  it.each([
    ['of another authority than the one that is set', another.pem],
    ['of no public authority where none is set', null],
  ])('is not made to a server whose certificate is %s', async (_, ca) => {
    const { code, seen } = await handshake({ ca })
    expect(code).toMatch(
      /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/,
    )
    expect(seen).toEqual([])
  })
})
