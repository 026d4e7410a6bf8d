import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { inspectKeyPair } from '../../../src/settings/inspect-key-pair.ts'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'
import { NOW, VALID } from './settings-folder.ts'

describe('a certificate and a private key', () => {
  it('are told of together when the one has expired and the other is not its own, so that one visit mends both', async () => {
    const authority = await mintAuthority(VALID)
    const expired = await mintServerCertificate(authority, { ...VALID, notAfter: new Date('2026-02-01T00:00:00Z') })
    const other = await mintServerCertificate(authority, VALID)
    const pair = { certificate: expired.pem, privateKey: new Secret(other.privateKeyPem), passphrase: null }
    expect(inspectKeyPair(pair, NOW)).toMatchObject([
      { part: 'privateKey', found: 'another key' },
      { part: 'certificate', found: 'one valid from 2026-01-01T00:00:00.000Z to 2026-02-01T00:00:00.000Z' },
    ])
  })
})
