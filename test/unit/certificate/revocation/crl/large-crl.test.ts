import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintAuthority } from '../../../../support/mint-certificates.ts'
import { mintCrl } from '../../../../support/mint-crl.ts'

const ENTRIES = 300_000
/** Far above the second or so that it takes, far below what a node for each entry would take on a busy machine. */
const CPU_LIMIT_SECONDS = 5

const serialNumberOf = (number: number): bigint =>
  BigInt(`0x7${createHash('sha1').update(String(number)).digest('hex').slice(1, 32)}`)

it(
  'reads a list of 300,000 entries in about a second and finds each of them at once',
  { timeout: 120_000 },
  async () => {
    const authority = await mintAuthority()
    const entries = Array.from({ length: ENTRIES }, (_, number) => ({
      serialNumber: serialNumberOf(number),
      reason: number % 6,
    }))
    const bytes = mintCrl(authority, { entries })
    expect(bytes.length).toBeGreaterThan(10_000_000)

    const before = process.cpuUsage()
    const crl = parseCrl(bytes)
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(CPU_LIMIT_SECONDS)
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

    const start = process.cpuUsage()
    for (let number = ENTRIES; number < ENTRIES + 10_000; number += 1)
      expect(crl.entries.find(serialNumberOf(number).toString(16), crl.issuerKey) === null).toBe(true)
    // A look-up that walked the list would take minutes.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(CPU_LIMIT_SECONDS)
  },
)
