import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../../../src/asn1/der-syntax-error.ts'
import { CrlEntries } from '../../../../../src/certificate/revocation/crl/crl-entries.ts'
import { CrlSyntaxError } from '../../../../../src/certificate/revocation/crl/crl-syntax-error.ts'
import { EntryIndex } from '../../../../../src/certificate/revocation/crl/entry-index.ts'
import {
  serialNumberContents,
  serialNumberHash,
} from '../../../../../src/certificate/revocation/crl/serial-number-hash.ts'
import { der, derInteger } from '../../../../support/write-der.ts'

const ENTRY = der(0x30, derInteger(0x11), der(0x17, Buffer.from('260101000000Z')))
const HASH = serialNumberHash(serialNumberContents('11'))

/** As many entries of one serial number, each of another issuer; `onLook` is told whenever one of the issuers is looked at. */
function indexOf(count: number, onLook: () => void): EntryIndex {
  const numbers = Array.from({ length: count }, (_, number) => number)
  const changes = numbers.map((number) => ({
    get from(): number {
      onLook()
      return number
    },
    get issuerKeys(): readonly string[] {
      onLook()
      return [`issuer ${String(number)}`]
    },
  }))
  const starts = numbers.map((number) => number * ENTRY.length)
  const hashes = numbers.map(() => HASH)
  return new EntryIndex(Buffer.concat(numbers.map(() => ENTRY)), starts, hashes, changes)
}

describe('a look-up among entries of one serial number and many issuers', () => {
  it('looks at each issuer once', () => {
    let looks = 0
    const index = indexOf(1_000, () => (looks += 1))
    looks = 0
    expect(index.find('11', 'nobody')).toBeNull()
    expect(looks).toBeLessThanOrEqual(1_000)
    expect(['issuer 0', 'issuer 500', 'issuer 999'].map((key) => index.find('11', key)?.reason)).toEqual([
      null,
      null,
      null,
    ])
    expect(index.isCrowded('11')).toBe(false)
  })

  it('is not made where there are more than anybody has', () => {
    const index = indexOf(1_001, () => undefined)
    const entries = new CrlEntries(() => ({ index, notUnderstood: null }))
    expect([index.isCrowded('11'), index.isCrowded('12')]).toEqual([true, false])
    expect(() => entries.find('11', 'issuer 0')).toThrow(CrlSyntaxError)
    expect(entries.find('12', 'issuer 0')).toBeNull()
  })
})

describe('the entries of a list', () => {
  it('are read when somebody first asks, and once', () => {
    let reads = 0
    const index = indexOf(3, () => undefined)
    const entries = new CrlEntries(() => {
      reads += 1
      return { index, notUnderstood: null }
    })
    expect(reads).toBe(0)
    expect([entries.count, entries.notUnderstood, entries.isCrowded('11'), entries.find('12', '')]).toEqual([
      3,
      null,
      false,
      null,
    ])
    expect(reads).toBe(1)
  })

  it('are not read again when they are malformed', () => {
    let reads = 0
    const entries = new CrlEntries(() => {
      reads += 1
      throw new DerSyntaxError('not so')
    })
    for (let ask = 0; ask < 3; ask += 1) expect(() => entries.count).toThrow(new CrlSyntaxError('not so'))
    expect(reads).toBe(1)
  })
})
