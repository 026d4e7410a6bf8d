import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCrlFolder } from '../../../../src/certificate/trust/read-crl-folder.ts'
import { mintAuthority, type MintedAuthority } from '../../../support/mint-certificates.ts'
import { mintCrl } from '../../../support/mint-crl.ts'
import { der } from '../../../support/write-der.ts'

const NOW = new Date('2026-01-15T00:00:00Z')

let folder: string
let authority: MintedAuthority

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crls-'))
  authority = await mintAuthority()
})

afterAll(async () => rm(folder, { recursive: true }))

it('reports a list with a malformed entry, or one that is not understood, before anybody asks for it', async () => {
  const unknown = { oid: '1.2.3.4', critical: true, value: der(0x05) }
  await writeFile(join(folder, 'a.crl'), mintCrl(authority, { entries: [{ serialNumber: 1, reason: 7 }] }))
  await writeFile(join(folder, 'b.crl'), mintCrl(authority, { entries: [{ serialNumber: 1, extensions: [unknown] }] }))
  await writeFile(join(folder, 'c.crl'), mintCrl(authority, { entries: [{ serialNumber: 1, reason: 1 }] }))
  const { crls, faults } = await readCrlFolder(folder, 65_536, NOW)
  expect(faults.map(({ file, wanted, found }) => [file.slice(-5), wanted, found])).toEqual([
    ['a.crl', 'a certificate revocation list (RFC 5280 section 5)', 'reasonCode is none'],
    ['b.crl', 'a CRL without unknown critical extensions', '1.2.3.4'],
  ])
  expect(crls).toHaveLength(1)
})
