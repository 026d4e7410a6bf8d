import { beforeAll, describe, expect, it } from 'vitest'
import { mintSelfSigned } from '../../../support/mint-certificates.ts'
import { faultsOf, mintScene, type Scene } from './list-fixture.ts'

let scene: Scene

beforeAll(async () => {
  scene = await mintScene()
})

describe('the pinned certificates', () => {
  it('are held to their dates, their keys and their form, all of them at once', async () => {
    const subject = [['CN', 'x']] as const
    const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') }
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    const pem = [
      (await mintSelfSigned({ subject, notBefore: dates.notBefore, notAfter: new Date('2026-11-25T00:00:00Z') })).pem,
      (await mintSelfSigned({ subject, keyType: 'rsa-1024', ...dates })).pem,
      (await mintSelfSigned({ subject, keyType: 'ed25519', ...dates })).pem,
      broken,
      broken.replace('AAAA', 'AA'),
      scene.operator.privateKeyPem,
    ].join('')
    const wantedKey = 'wanted an RSA key of at least 2048 bits or one on a NIST or Brainpool curve, found another key'
    expect(faultsOf(scene.list, { pem })).toEqual([
      'be.pem: wanted valid at 2026-11-26T00:00:00.000Z, found valid from 2026-01-01T00:00:00.000Z until 2026-11-25T00:00:00.000Z',
      `be.pem: ${wantedKey}`,
      `be.pem: ${wantedKey}`,
      expect.stringMatching(/^be.pem: wanted an X.509 version 3 certificate, found /),
      'be.pem: wanted base64 up to the END line, found a block that is cut off or damaged',
      'be.pem: wanted BEGIN CERTIFICATE, found BEGIN PRIVATE KEY',
    ])
  })

  it('are all of them sound or none of them counts', () => {
    expect(faultsOf(scene.list, { pem: `${scene.operator.pem}${scene.operator.privateKeyPem}` })).toEqual([
      'be.pem: wanted BEGIN CERTIFICATE, found BEGIN PRIVATE KEY',
    ])
  })
})
