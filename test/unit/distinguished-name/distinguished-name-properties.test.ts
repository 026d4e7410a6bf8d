import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDer } from '../../../src/asn1/read-der.ts'
import { ATTRIBUTE_TYPES } from '../../../src/distinguished-name/attribute-types.ts'
import type { DistinguishedName } from '../../../src/distinguished-name/distinguished-name.ts'
import {
  distinguishedNamesMatch,
  distinguishedNamesMatchInAnyOrder,
} from '../../../src/distinguished-name/match-distinguished-names.ts'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import { readDistinguishedName } from '../../../src/distinguished-name/read-distinguished-name.ts'
import { writeDistinguishedName } from '../../../src/distinguished-name/write-distinguished-name.ts'
import { distinguishedName, encodeName, type Attribute, type StringType } from '../../support/mint-subject.ts'

const RUNS = { numRuns: 500 }

const type = fc.oneof(
  fc.constantFrom(...ATTRIBUTE_TYPES.map(({ name }) => name)),
  fc.constantFrom('1.2.3.4', '2.25.329800735698586629295641978511506172918'),
)
/** Everything that must be escaped, looks escaped, folds, combines or cannot be seen, among ordinary text. */
const nasty = fc.constantFrom(
  ...Array.from(' "+,;<>\\#=\0\n\r\t\u007f'),
  ...['\\2c', 'ß', 'ﬁ', 'é', 'e\u0301', '\u200b', '\u202e', '\u00a0', '😀', 'ı', 'K'],
)
const text = (ordinary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(fc.oneof(nasty, ordinary), { maxLength: 12 }).map((pieces) => pieces.join(''))
const unicode = text(fc.string({ unit: 'binary', maxLength: 6 }))
const ascii = text(fc.string({ unit: 'binary-ascii', maxLength: 6 })).map((value) => value.replace(/[^\0-\x7f]/g, ''))

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.tuple(type, unicode, fc.constantFrom<StringType>('utf8', 'universal')),
  fc.tuple(type, ascii, fc.constantFrom<StringType>('printable', 'ia5', 'visible', 'teletex', 'bmp')),
)
const subject = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 })

/** As other tools would write it: names of the table, plain or `#hex` values, spaces after commas. */
function render(name: DistinguishedName, hex: boolean): string {
  const named = (oid: string): string => ATTRIBUTE_TYPES.find((one) => one.oid === oid)?.name ?? `OID.${oid}`
  const written = name.map((relative) =>
    relative
      .map(({ oid, value, der }) => {
        const bytes = Buffer.from(value ?? '', 'utf8')
          .toString('hex')
          .replace(/../g, '\\$&')
        return `${named(oid)}=${hex ? `#${der.toUpperCase()}` : bytes}`
      })
      .join(' + '),
  )
  return written.toReversed().join(', ')
}

/** The name with one of its attributes changed. */
function withAttribute(
  name: readonly (readonly Attribute[])[],
  choice: number,
  change: (attribute: Attribute) => Attribute,
): readonly (readonly Attribute[])[] {
  let left = choice % name.flat().length
  return name.map((relative) => relative.map((one) => (left-- === 0 ? change(one) : one)))
}

describe('distinguished names (RFC 4514, RFC 4517)', () => {
  test('match themselves after they were written and parsed, however they are written', () => {
    fc.assert(
      fc.property(subject, fc.boolean(), (attributes, hex) => {
        const name = distinguishedName(attributes)
        const parsed = parseDistinguishedName(writeDistinguishedName(name))
        expect(parsed.map((relative) => relative.map(({ oid, value }) => [oid, value]))).toEqual(
          name.map((relative) => relative.map(({ oid, value }) => [oid, value])),
        )
        expect(writeDistinguishedName(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        const rendered = parseDistinguishedName(render(name, hex))
        expect(rendered.map((relative) => relative.map(({ oid, value }) => [oid, value]))).toEqual(
          name.map((relative) => relative.map(({ oid, value }) => [oid, value])),
        )
      }),
      RUNS,
    )
  })

  test('match the certificate that holds them, with whichever string types', () => {
    fc.assert(
      fc.property(subject, fc.boolean(), (attributes, hex) => {
        const fromCertificate = readDistinguishedName(readDer(encodeName(attributes)), 'subject')
        const printable = attributes.flat().every(([, value]) => !/[\p{C}\ufffd]/u.test(value))
        const written = parseDistinguishedName(writeDistinguishedName(fromCertificate))
        const rendered = parseDistinguishedName(render(fromCertificate, hex))
        // Text with control characters matches nothing but the same bytes: hexadecimal DER of the same string type.
        if (printable) expect(distinguishedNamesMatch(written, fromCertificate)).toBe(true)
        if (printable || hex) expect(distinguishedNamesMatch(rendered, fromCertificate)).toBe(true)
      }),
      RUNS,
    )
  })

  test('never match a name with a letter more anywhere', () => {
    fc.assert(
      fc.property(subject, fc.nat(), fc.nat(), fc.constantFrom('x', '7', 'q'), (attributes, choice, at, letter) => {
        const changed = withAttribute(attributes, choice, ([oid, value, as = 'utf8']) => {
          const characters = Array.from(value)
          characters.splice(at % (characters.length + 1), 0, letter)
          return [oid, characters.join(''), as]
        })
        const [one, other] = [distinguishedName(attributes), distinguishedName(changed)]
        expect(distinguishedNamesMatch(one, other)).toBe(false)
        expect(distinguishedNamesMatchInAnyOrder(one, other)).toBe(false)
        expect(distinguishedNamesMatch(one, parseDistinguishedName(writeDistinguishedName(other)))).toBe(false)
      }),
      RUNS,
    )
  })

  test('never match a name with the value under another type, an RDN less, or two RDNs made one', () => {
    fc.assert(
      fc.property(subject, fc.nat(), (attributes, choice) => {
        const name = distinguishedName(attributes)
        const retyped = withAttribute(attributes, choice, ([, value, as = 'utf8']) => ['1.2.3.9', value, as])
        expect(distinguishedNamesMatchInAnyOrder(name, distinguishedName(retyped))).toBe(false)
        expect(distinguishedNamesMatchInAnyOrder(name, name.slice(1))).toBe(false)
        const [first = [], second = [], ...others] = name
        if (name.length > 1)
          expect(distinguishedNamesMatchInAnyOrder(name, [[...first, ...second], ...others])).toBe(false)
      }),
      RUNS,
    )
  })

  test('match back to front only where the order is not asked for', () => {
    fc.assert(
      fc.property(subject, (attributes) => {
        const name = distinguishedName(attributes)
        const reversed = name.toReversed()
        expect(distinguishedNamesMatchInAnyOrder(name, reversed)).toBe(true)
        const palindrome = name.every((relative, index) =>
          distinguishedNamesMatch([relative], [name[name.length - 1 - index] ?? []]),
        )
        expect(distinguishedNamesMatch(name, reversed)).toBe(palindrome)
      }),
      RUNS,
    )
  })
})
