import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { allowedAddress } from '../../../src/egress/allowed-address.ts'

const open = (address: string): boolean => allowedAddress(address, { allowPrivateAddresses: false })
const openInside = (address: string): boolean => allowedAddress(address, { allowPrivateAddresses: true })

/** Special ones, first and last of each range. */
const INSIDE = [
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '127.0.0.0',
  '127.0.0.1',
  '127.255.255.255',
  '172.16.0.0',
  '172.31.255.255',
  '192.0.0.0',
  '192.0.0.255',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.0',
  '192.168.255.255',
  '192.175.48.1',
  '198.18.0.0',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '240.0.0.0',
  '255.255.255.254',
  '::1',
  '::2',
  '::127.0.0.1',
  '::8.8.8.8',
  '100::1',
  'fc00::1',
  'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:2::1',
  '2001:10::1',
  '2001:1ff:ffff::1',
  '2001:db8::1',
  '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  '1fff::1',
]

const NEVER = [
  '0.0.0.0',
  '0.255.255.255',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
  '64:ff9b:1::a9fe:a9fe',
  '169.254.0.0',
  '169.254.169.254',
  '169.254.255.255',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::',
  'fe80::1',
  'febf:ffff::1',
  'fec0::1',
  'ff02::1',
  '::ffff:0:7f00:1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2002:7f00:1::1',
  '2002:808:808::1',
]

const PUBLIC = [
  '1.0.0.0',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2000::1',
  '2001:200::1',
  '2001:db7:ffff::1',
  '2001:db9::1',
  '2606:4700::1111',
  '3ffe::1',
]

const octets = (address: string): readonly number[] => address.split('.').map(Number)
const number = (address: string): number => octets(address).reduce((sum, octet) => sum * 256 + octet, 0)
const hex = (address: string): string => number(address).toString(16).padStart(8, '0')

/** Ways to write an IPv4 address that some reader or other understands. */
const SPELLINGS: Readonly<Record<string, (address: string) => string>> = {
  dotted: (address) => address,
  decimal: (address) => String(number(address)),
  hexadecimal: (address) => `0x${hex(address)}`,
  octal: (address) => `0${number(address).toString(8)}`,
  'octal parts': (address) =>
    octets(address)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  'hexadecimal parts': (address) =>
    octets(address)
      .map((octet) => `0x${octet.toString(16)}`)
      .join('.'),
  'in two parts': (address) => `${String(octets(address)[0])}.${String(number(address) % 2 ** 24)}`,
  'in three parts': (address) => `${octets(address).slice(0, 2).join('.')}.${String(number(address) % 2 ** 16)}`,
  mapped: (address) => `::ffff:${address}`,
  'mapped in hexadecimal': (address) => `::ffff:${hex(address).slice(0, 4)}:${hex(address).slice(4)}`,
  'mapped and written out': (address) => `0:0:0:0:0:FFFF:${hex(address).slice(0, 4)}:${hex(address).slice(4)}`,
  'behind NAT64': (address) => `64:ff9b::${hex(address).slice(0, 4)}:${hex(address).slice(4)}`,
}

describe('an address', () => {
  it.each(PUBLIC)('on the Internet is open: %s', (address) => {
    expect([open(address), openInside(address)]).toEqual([true, true])
  })

  it.each(INSIDE)('with a special meaning is open only when so said: %s', (address) => {
    expect([open(address), openInside(address)]).toEqual([false, true])
  })

  it.each(NEVER)('where nobody can be is never open: %s', (address) => {
    expect([open(address), openInside(address)]).toEqual([false, false])
  })

  it.each(Object.entries(SPELLINGS))('is the same in every spelling: %s', (_, spell) => {
    const dotted = [...PUBLIC, ...INSIDE, ...NEVER].filter((address) => /^[\d.]+$/.test(address))
    for (const address of dotted) {
      expect([address, open(spell(address))]).toEqual([address, open(address)])
      expect([address, openInside(spell(address))]).toEqual([address, openInside(address)])
    }
  })

  it.each(['fe80::1%eth0', '::1%lo', '2606:4700::1111%1', '2606:4700::1111%25eth0'])(
    'with a zone is never open: %s',
    (address) => {
      expect([open(address), openInside(address)]).toEqual([false, false])
    },
  )

  it.each(['', 'localhost', '1.2.3.4.5', '256.1.1.1', '08.8.8.8', '1.2.3.4 ', '1.2.3.4\0', '::g', '1::2::3', ':', '%'])(
    'that is none is never open: %j',
    (text) => {
      expect([open(text), openInside(text)]).toEqual([false, false])
    },
  )

  it('of IPv4 is open exactly when the address library calls it unicast, as a second opinion', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => open(address) === (ipaddr.parse(address).range() === 'unicast')),
      { numRuns: 2000 },
    )
  })

  it('of IPv6 is never open unless the library calls it unicast, whatever its groups', () => {
    const group = fc.constantFrom(
      '0',
      '1',
      'ffff',
      '2000',
      '2001',
      '2002',
      '3fff',
      'db8',
      'fe80',
      'fd00',
      '7f00',
      'ff02',
    )
    const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(address, (text) => !open(text) || ipaddr.process(text).range() === 'unicast'),
      { numRuns: 5000 },
    )
  })
})
