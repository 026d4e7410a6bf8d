import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import { mintAuthority } from '../support/mint-certificates.ts'
import { mintCrl } from '../support/mint-crl.ts'
import { BUILT } from './built-gateway.ts'
import type { Contender } from './compare.ts'

const { parseCrl } = BUILT

/** About 10 MB: serial numbers of 16 bytes, a date and a reason each. */
const ENTRIES = 200_000
const LOOK_UPS = 50_000

interface LargeCrl {
  readonly der: Buffer
  readonly serialNumbers: readonly string[]
}

export async function mintLargeCrl(): Promise<LargeCrl> {
  const serials = Array.from({ length: ENTRIES }, (_, number) => serialNumber(`listed ${number}`))
  const entries = serials.map((serial) => ({ serialNumber: serial, reason: 1 }))
  const der = mintCrl(await mintAuthority(), { entries })
  return { der, serialNumbers: serials.map((serial) => serial.toString(16)) }
}

/** 127 bits, as random numbers of authorities are. */
function serialNumber(label: string): bigint {
  const digest = createHash('sha256').update(label).digest('hex')
  return BigInt.asUintN(127, BigInt(`0x${digest}`)) | (1n << 126n)
}

/** Once for each list, against touching every byte of it once. */
export function readingOfCrl({ der }: LargeCrl): readonly Contender[] {
  const hash = (): string => createHash('sha256').update(der).digest('hex')
  return [
    {
      name: `SHA-256 of its ${(der.length / 1e6).toFixed(1)} MB`,
      times: 5,
      check: () => assert.equal(hash().length, 64),
      run: (times) => {
        for (let count = 0; count < times; count += 1) hash()
      },
    },
    {
      name: `parsed and indexed, ${ENTRIES} entries`,
      times: 1,
      check: () => {
        assert.equal(parseCrl(der).entries.count, ENTRIES)
        assert.throws(() => parseCrl(Buffer.concat([der, Buffer.of(0)])))
      },
      run: (times) => {
        let entries = 0
        for (let count = 0; count < times; count += 1) entries += parseCrl(der).entries.count
        assert.equal(entries, times * ENTRIES)
      },
    },
  ]
}

/** Against a Map of all serial numbers, which takes no reading but some forty megabytes. */
export function lookUpsInCrl({ der, serialNumbers }: LargeCrl): readonly Contender[] {
  const { entries, issuerKey } = parseCrl(der)
  const map = new Map(serialNumbers.map((serial) => [serial, 'keyCompromise']))
  const absent = Array.from({ length: 1000 }, (_, number) => serialNumber(`absent ${number}`).toString(16))
  const inMap = (serial: string): string | null => map.get(serial) ?? null
  const inEntries = (serial: string): string | null => entries.find(serial, issuerKey)?.reason ?? null
  return [
    lookUp('a Map of its serial numbers', serialNumbers, inMap, 'keyCompromise'),
    lookUp('a certificate that is listed', serialNumbers, inEntries, 'keyCompromise'),
    lookUp('a certificate that is not', absent, inEntries, null),
  ]
}

function lookUp(
  name: string,
  serials: readonly string[],
  find: (serial: string) => string | null,
  wanted: string | null,
): Contender {
  return {
    name,
    times: LOOK_UPS,
    check: () => assert.ok(serials.every((serial) => find(serial) === wanted)),
    run: (times) => {
      // In steps that are no divisor, so that neighbours in the list are not neighbours in time.
      for (let count = 0; count < times; count += 1) find(serials[(count * 7919) % serials.length] ?? '')
    },
  }
}
