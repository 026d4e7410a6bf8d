import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintAuthority } from '../../../../support/mint-certificates.ts'
import { certificateIssuer, mintCrl } from '../../../../support/mint-crl.ts'
import { generalName } from '../../../../support/mint-extensions.ts'
import { der } from '../../../../support/write-der.ts'

const ENTRIES = 300_000
const serialNumberOf = (number: number): bigint =>
  BigInt(`0x7${createHash('sha1').update(String(number)).digest('hex').slice(1, 32)}`)

it('reads a list of 300,000 entries and finds those that are on it, and no others', { timeout: 120_000 }, async () => {
  const authority = await mintAuthority()
  const entries = Array.from({ length: ENTRIES }, (_, number) => ({
    serialNumber: serialNumberOf(number),
    reason: number % 6,
  }))
  const bytes = mintCrl(authority, { entries })
  expect(bytes.length).toBeGreaterThan(10_000_000)

  const crl = parseCrl(bytes)
  expect(crl.entries.count).toBe(ENTRIES)

  const found = [0, 1, 149_997, ENTRIES - 1].map((number) =>
    crl.entries.find(serialNumberOf(number).toString(16), crl.issuerKey),
  )
  expect(found.map((entry) => entry?.reason)).toEqual([
    'unspecified',
    'keyCompromise',
    'affiliationChanged',
    'cessationOfOperation',
  ])

  const others = Array.from({ length: 10_000 }, (_, number) => serialNumberOf(ENTRIES + number).toString(16))
  expect(others.filter((serialNumber) => crl.entries.find(serialNumber, crl.issuerKey) !== null)).toEqual([])
})

it('reads no indirect list of more issuers than anybody signs for: names cost far more than serial numbers', async () => {
  const entries = Array.from({ length: 4_098 }, (_, number) => ({
    serialNumber: number + 1,
    extensions: [certificateIssuer(generalName.directory([['CN', String(number)]]))],
  }))
  const crl = parseCrl(mintCrl(await mintAuthority(), { scope: [der(0x84, Buffer.of(0xff))], entries }))
  expect(() => crl.entries.count).toThrow('more than 4096 issuers')
})
