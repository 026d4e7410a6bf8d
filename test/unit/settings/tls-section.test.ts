import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder, SOUND } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const tls = SOUND.tls

describe('tls', () => {
  const FORMS = 'certificateFile and privateKeyFile, or pkcs12File and pkcs12Passphrase'

  it.each([
    ['neither form', {}, [`tls: ${FORMS} / neither`]],
    ['both forms', { ...tls, pkcs12File: 'x.p12' }, [`tls: ${FORMS} / both`]],
    ['no key', { certificateFile: 'server.pem' }, [`tls.privateKeyFile: ${FORMS} / nothing`]],
    ['no certificate', { privateKeyFile: 'server.key' }, [`tls.certificateFile: ${FORMS} / nothing`]],
    ['no passphrase', { pkcs12File: 'x.p12' }, [`tls.pkcs12Passphrase: ${FORMS} / nothing`]],
    [
      'a misspelt key',
      { certificateFil: 'a', privateKeyFile: 'b' },
      ['tls.certificateFil: a known key / certificateFil / did you mean certificateFile?'],
    ],
  ])('refuses %s', async (_, section, expected) => {
    expect(await files.faults({ tls: section })).toEqual(expected)
  })

  it('takes versions and cipher suites, and no weak ones', async () => {
    const cipherSuites = ['TLS_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384']
    const { settings } = await files.load({ tls: { ...tls, minVersion: 'TLSv1.3', cipherSuites } })
    expect(settings?.tls).toMatchObject({ minVersion: 'TLSv1.3', cipherSuites })
    expect(
      await files.faults({
        tls: { ...tls, minVersion: 'TLSv1.1', cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA265', 'RC4-SHA'] },
      }),
    ).toEqual([
      'tls.minVersion: TLSv1.2 or TLSv1.3 / "TLSv1.1" / did you mean TLSv1.2?',
      expect.stringMatching(/^tls.cipherSuites\[0\]: one of .* \/ did you mean ECDHE-RSA-AES128-GCM-SHA256\?$/),
      expect.stringMatching(/^tls.cipherSuites\[1\]: one of .* \/ "RC4-SHA"$/),
    ])
  })

  it.each(['TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-CHACHA20-POLY1305'])('takes the suite %s alone', async (suite) => {
    expect(await files.faults({ tls: { ...tls, cipherSuites: [suite] } })).toEqual([])
  })
})
