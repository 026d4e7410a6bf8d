import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readTime } from '../../../src/asn1/read-time.ts'
import { der } from '../../support/write-der.ts'

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

const read = (identifier: number, text: string): string =>
  readTime(readDer(der(identifier, Buffer.from(text))), 'notAfter').toISOString()

describe('readTime (RFC 5280 4.1.2.5)', () => {
  it.each([
    [UTC_TIME, '261123203000Z', '2026-11-23T20:30:00.000Z'],
    [UTC_TIME, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [UTC_TIME, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [UTC_TIME, '240229000000Z', '2024-02-29T00:00:00.000Z'],
    [GENERALIZED_TIME, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [GENERALIZED_TIME, '20261123203000Z', '2026-11-23T20:30:00.000Z'],
    [GENERALIZED_TIME, '00010101000000Z', '0001-01-01T00:00:00.000Z'],
    [GENERALIZED_TIME, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ])('reads tag %i %s', (identifier, text, iso) => {
    expect(read(identifier, text)).toBe(iso)
  })

  it.each([
    ['without seconds', UTC_TIME, '2611232030Z'],
    ['with an offset', UTC_TIME, '261123203000+0300'],
    ['without a zone', UTC_TIME, '261123203000'],
    ['of four year digits as UTCTime', UTC_TIME, '20261123203000Z'],
    ['of two year digits as GeneralizedTime', GENERALIZED_TIME, '261123203000Z'],
    ['with a fraction', GENERALIZED_TIME, '20261123203000.5Z'],
    ['without a zone, long form', GENERALIZED_TIME, '20261123203000'],
    ['in month 13', UTC_TIME, '261323203000Z'],
    ['on 31 February', UTC_TIME, '260231000000Z'],
    ['on 29 February of no leap year', UTC_TIME, '260229000000Z'],
    ['at 24 o’clock', UTC_TIME, '261123240000Z'],
    ['at 60 minutes', UTC_TIME, '261123206000Z'],
    ['in month 0', UTC_TIME, '260023203000Z'],
    ['on day 0', UTC_TIME, '261100203000Z'],
    ['in a leap second', UTC_TIME, '161231235960Z'],
    ['as another type', 0x16, '261123203000Z'],
    ['as a context tag', 0x97, '261123203000Z'],
  ])('refuses a time %s', (_, identifier, text) => {
    expect(() => read(identifier, text)).toThrow(DerSyntaxError)
  })

  it('refuses a missing time', () => {
    expect(() => readTime(undefined, 'notAfter')).toThrow('notAfter is no time')
  })
})
