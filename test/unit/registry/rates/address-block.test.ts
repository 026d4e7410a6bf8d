import { describe, expect, it } from 'vitest'
import { addressBlock } from '../../../../src/registry/rates/address-block.ts'

const counted = (text: string, bits = 64): string => addressBlock(text, bits)

describe('addresses that are counted as one', () => {
  it.each([
    ['an IPv4 address and the same inside IPv6, as a socket for both has it', '192.0.2.1', '::ffff:192.0.2.1'],
    ['two of one /64, which a single customer has', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['two spellings', '2001:db8:1:2::1', '2001:0DB8:0001:0002:0:0:0:1'],
    ['a link-local address and itself behind an interface', 'fe80::1', 'fe80::1%eth0'],
  ])('are %s', (_what, one, other) => {
    expect(counted(one)).toBe(counted(other))
  })

  it.each([
    ['two IPv4 addresses', '192.0.2.1', '192.0.2.2'],
    ['two IPv4 addresses inside IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['two of neighbouring /64', '2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['an IPv4 address and one of IPv6 with the same bits', '32.1.13.184', '2001:db8::'],
    ['no address and no other address', '', 'somewhere'],
  ])('are not %s', (_what, one, other) => {
    expect(counted(one)).not.toBe(counted(other))
  })

  it.each([
    [32, '2001:db8:ffff::', true],
    [48, '2001:db8:0:ffff::', true],
    [48, '2001:db8:1::', false],
    [60, '2001:db8:0:f::', true],
    [60, '2001:db8:0:10::', false],
    [128, '2001:db8::1', false],
    [128, '2001:db8::', true],
  ])('have their first %i bits in common: with 2001:db8:: %s %s', (bits, other, same) => {
    expect(counted('2001:db8::', bits) === counted(other, bits)).toBe(same)
  })
})
