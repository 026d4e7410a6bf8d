import { createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import {
  type MintedAuthority,
  mintAuthority,
  mintClientCertificate,
  mintServerCertificate,
} from '../../support/mint-certificates.ts'
import type { RedisServer } from '../../support/redis-server.ts'
import { OPERATIONS, connect, listen, start } from './redis-fixture.ts'

describe('a Redis behind TLS', () => {
  async function startWithTls(
    dnsNames?: readonly string[],
  ): Promise<{ server: RedisServer; authority: MintedAuthority }> {
    const authority = await mintAuthority()
    const names = dnsNames === undefined ? {} : { dnsNames, ipAddresses: [] }
    const certificate = await mintServerCertificate(authority, names)
    const tls = { ca: authority.pem, certificate: certificate.pem, key: certificate.privateKeyPem }
    return { server: await start({ tls }), authority }
  }

  async function clientOf(authority: MintedAuthority): Promise<{ certificate: string; privateKey: Secret }> {
    const minted = await mintClientCertificate(authority)
    return { certificate: minted.pem, privateKey: new Secret(minted.privateKeyPem) }
  }

  it('is used when its authority is the pinned one and it knows our certificate', async () => {
    const { server, authority } = await startWithTls()
    const registry = await connect(server.url, { ca: authority.pem, clientCertificate: await clientOf(authority) })
    for (const operation of OPERATIONS) await operation(registry)
  })

  it('is not used when another authority vouches for it', async () => {
    const { server, authority } = await startWithTls()
    const another = await mintAuthority()
    const clientCertificate = await clientOf(authority)
    const registry = await connect(server.url, { ca: another.pem, clientCertificate })
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
  })

  it('is not used when no authority is pinned and no public one vouches for it', async () => {
    const { server, authority } = await startWithTls()
    const registry = await connect(server.url, { clientCertificate: await clientOf(authority) })
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
  })

  it('is not used when its certificate is for another host', async () => {
    const { server, authority } = await startWithTls(['elsewhere.example'])
    const registry = await connect(server.url, { ca: authority.pem, clientCertificate: await clientOf(authority) })
    await expect(registry.ping()).rejects.toThrow(new RegistryUnavailable('ERR_TLS_CERT_ALTNAME_INVALID'))
  })

  it('may refuse us when we present no certificate', async () => {
    const { server, authority } = await startWithTls()
    const registry = await connect(server.url, { ca: authority.pem })
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
  })

  it('is told the host name that we want, for it may stand with others behind one address (RFC 6066 section 3)', async () => {
    const named: string[] = []
    const server = createServer({
      SNICallback: (name, done) => {
        named.push(name)
        done(null)
      },
    }).on('tlsClientError', () => undefined)
    await connect(`rediss://localhost:${await listen(server)}`)
    expect(named).toContain('localhost')
  })

  it('cannot be set up with a client certificate and the key of another', async () => {
    const authority = await mintAuthority()
    const { certificate } = await clientOf(authority)
    const clientCertificate = { certificate, privateKey: (await clientOf(authority)).privateKey }
    await expect(connect('rediss://localhost', { clientCertificate })).rejects.toThrow('key values mismatch')
  })
})
