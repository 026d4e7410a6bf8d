import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => {
  files = await SettingsFolder.create()
})
afterAll(() => files.remove())

describe('directories without an address', () => {
  it('are read with the keys of their file, or the name of their trusted issuers', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] })
    const file = await files.write('directory.jwks', jwks)
    const { settings, files: read } = await files.load({
      directories: {
        file: { issuers: ['i'], jwksFile: 'directory.jwks', claims: { org_id: 'organisation.id' } },
        chain: { x5c: { trustedIssuers: 'sandbox' } },
      },
    })
    expect(settings?.directories).toEqual([
      { name: 'file', issuers: ['i'], keys: { kind: 'file', file, jwks }, claims: { org_id: 'organisation.id' } },
      { name: 'chain', issuers: [], keys: { kind: 'chain', trust: 'sandbox' }, claims: {} },
    ])
    expect(read).toContain(file)
  })

  it('have one source of keys, and one that can be used', async () => {
    await files.write('empty.jwks', '{"keys":[]}')
    const directories = {
      none: { issuers: ['i'] },
      both: { issuers: ['i'], jwksUri: 'https://a.example', jwksFile: 'empty.jwks' },
      empty: { issuers: ['i'], jwksFile: 'empty.jwks' },
      nobody: { jwksFile: 'empty.jwks' },
      absent: { issuers: ['i'], jwksFile: 'absent.jwks' },
    }
    const faults = await files.faults({ directories })
    expect(faults).toEqual(
      expect.arrayContaining([
        'directories.none: one source of keys: jwksUri, jwksFile, x5c / none',
        'directories.both: one source of keys: jwksUri, jwksFile, x5c / jwksUri and jwksFile',
        'directories.nobody.issuers: values of iss / none',
        expect.stringMatching(
          /^directories\.empty\.jwksFile: a JWKS with keys that verify signatures \/ no-usable-keys/,
        ),
        expect.stringMatching(/^directories\.absent\.jwksFile: a file \/ /),
      ]),
    )
  })
})

describe('the keys of software', () => {
  it('come from public addresses alone unless hosts are named', async () => {
    expect((await files.load({})).settings?.softwareKeys).toEqual({
      hosts: null,
      allowPrivateAddresses: false,
      ca: null,
    })
    expect(await files.faults({ softwareKeys: { allowPrivateAddresses: true } })).toEqual([
      'softwareKeys.hosts: hosts beside allowPrivateAddresses / nothing',
    ])
    const softwareKeys = { hosts: ['keys.internal'], allowPrivateAddresses: true, caFile: 'ca.pem' }
    expect((await files.load({ softwareKeys })).settings?.softwareKeys).toEqual({
      ...{ hosts: ['keys.internal'], allowPrivateAddresses: true, ca: files.authority.pem },
    })
  })
})
