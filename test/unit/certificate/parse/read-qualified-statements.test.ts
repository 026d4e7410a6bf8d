import 'reflect-metadata'
import * as asn1js from 'asn1js'
import fc from 'fast-check'
import * as pkijs from 'pkijs'
import { describe, expect, it, test } from 'vitest'
import { DerSyntaxError } from '../../../../src/asn1/der-syntax-error.ts'
import { readQualifiedStatements } from '../../../../src/certificate/parse/read-qualified-statements.ts'
import { NO_STATEMENTS } from '../../../../src/model/qualified-statements.ts'
import { der, derInteger, derOid } from '../../../support/write-der.ts'
import {
  BRITISH_STATEMENTS,
  FRENCH_STATEMENTS,
  psd2Statement,
  qcStatement,
  qcStatements,
  qcTypes,
  utf8,
} from '../../../support/write-qualified-statements.ts'

const AI = '0.4.0.19495.1.3'
const COUNTRIES = '0.4.0.1862.1.7'
const read = (...statements: readonly Buffer[]): ReturnType<typeof readQualifiedStatements> =>
  readQualifiedStatements(qcStatements(...statements))

describe('readQualifiedStatements', () => {
  it('reads a British certificate for websites (regimes, section 8.1)', () => {
    expect(readQualifiedStatements(BRITISH_STATEMENTS)).toEqual({
      statements: ['0.4.0.1862.1.6', '0.4.0.19495.2'],
      compliance: false,
      sscd: false,
      types: ['web'],
      countries: [],
      psd2: {
        roles: [
          { oid: AI, name: 'PSP_AI', writtenName: 'PSP_AI' },
          { oid: '0.4.0.19495.1.2', name: 'PSP_PI', writtenName: 'PSP_PI' },
        ],
        ncaName: 'Financial Conduct Authority',
        ncaId: 'GB-FCA',
      },
    })
  })

  it('reads a French one (regimes, section 8.3)', () => {
    expect(readQualifiedStatements(FRENCH_STATEMENTS)).toEqual({
      statements: ['0.4.0.1862.1.1', '0.4.0.1862.1.6', '0.4.0.19495.2'],
      compliance: true,
      sscd: false,
      types: ['web'],
      countries: [],
      psd2: {
        roles: [{ oid: AI, name: 'PSP_AI', writtenName: 'PSP_AI' }],
        ncaName: 'Prudential Supervisory and Resolution Authority',
        ncaId: 'FR-ACPR',
      },
    })
  })

  it.each([BRITISH_STATEMENTS, FRENCH_STATEMENTS])('finds the statements that another reader finds', (bytes) => {
    const { values } = new pkijs.QCStatements({ schema: asn1js.fromBER(bytes).result })
    expect(readQualifiedStatements(bytes).statements).toEqual(values.map(({ id }) => id))
  })

  it('reads what another writer writes', () => {
    const written = new pkijs.QCStatements()
    written.values = [
      new pkijs.QCStatement({ id: '0.4.0.1862.1.4' }),
      new pkijs.QCStatement({
        id: COUNTRIES,
        type: new asn1js.Sequence({
          value: ['CH', 'LI'].map((value) => new asn1js.PrintableString({ value })),
        }),
      }),
    ]
    expect(readQualifiedStatements(Buffer.from(written.toSchema().toBER()))).toEqual({
      ...NO_STATEMENTS,
      statements: ['0.4.0.1862.1.4', COUNTRIES],
      sscd: true,
      countries: ['CH', 'LI'],
    })
  })

  it.each([
    ['esign', '0.4.0.1862.1.6.1'],
    ['eseal', '0.4.0.1862.1.6.2'],
    ['web', '0.4.0.1862.1.6.3'],
    ['0.4.0.1862.1.6.9', '0.4.0.1862.1.6.9'],
  ])('names the type %s (ETSI EN 319 412-5 4.2.3)', (name, oid) => {
    expect(read(qcTypes(oid)).types).toEqual([name])
  })

  it('keeps several types in their order', () => {
    expect(read(qcTypes('0.4.0.1862.1.6.3', '0.4.0.1862.1.6.1')).types).toEqual(['web', 'esign'])
  })

  it.each([
    ['Unspecified', '0.4.0.19495.1.0'],
    ['PSP_AS', '0.4.0.19495.1.1'],
    ['PSP_PI', '0.4.0.19495.1.2'],
    ['PSP_AI', AI],
    ['PSP_IC', '0.4.0.19495.1.4'],
    ['0.4.0.19495.1.77', '0.4.0.19495.1.77'],
  ])('calls a role %s by its OID, whatever name is written beside it (regimes, section 6.1 item 6)', (name, oid) => {
    const { psd2 } = read(psd2Statement([[oid, 'PSP_AS, Payment Initiation']], 'N', 'I'))
    expect(psd2?.roles).toEqual([{ oid, name, writtenName: 'PSP_AS, Payment Initiation' }])
  })

  it('keeps the OID of statements it does not know, whatever they hold', () => {
    const { statements } = read(
      qcStatement('1.3.6.1.5.5.7.11.2', der(0x30, derOid('0.4.0.194121.1.2'))),
      qcStatement('0.4.0.1862.1.3', derInteger(7)),
      qcStatement('1.2.3'),
      qcStatement('1.2.3'),
    )
    expect(statements).toEqual(['1.3.6.1.5.5.7.11.2', '0.4.0.1862.1.3', '1.2.3', '1.2.3'])
  })

  it.each([
    ['no statement at all', qcStatements(), NO_STATEMENTS],
    ['an empty list of types', qcStatements(qcTypes()), { ...NO_STATEMENTS, statements: ['0.4.0.1862.1.6'] }],
    [
      'a provider without any role',
      qcStatements(psd2Statement([], 'N', 'I')),
      { ...NO_STATEMENTS, statements: ['0.4.0.19495.2'], psd2: { roles: [], ncaName: 'N', ncaId: 'I' } },
    ],
    [
      'names as PrintableString and IA5String, which some writers use',
      qcStatements(psd2Statement([], der(0x13, Buffer.from('N')), der(0x16, Buffer.from('I')))),
      { ...NO_STATEMENTS, statements: ['0.4.0.19495.2'], psd2: { roles: [], ncaName: 'N', ncaId: 'I' } },
    ],
  ])('takes %s', (_, bytes, expected) => {
    expect(readQualifiedStatements(bytes)).toEqual(expected)
  })

  it.each([
    ['something else', derInteger(1), 'qcStatements has the wrong type'],
    ['a statement that is no SEQUENCE', qcStatements(derOid('1.2.3')), 'qcStatement has the wrong type'],
    ['a statement without a type', qcStatements(der(0x30)), 'statementId is missing'],
    ['a statement with two infos', qcStatements(der(0x30, derOid('1.2.3'), utf8('a'), utf8('b'))), 'unexpected fields'],
    ['the types twice', qcStatements(qcTypes(), qcTypes('1.2.3')), 'qcStatement 0.4.0.1862.1.6 occurs twice'],
    [
      'two different PSD2 statements',
      qcStatements(psd2Statement([], 'N', 'I'), psd2Statement([], 'M', 'J')),
      'qcStatement 0.4.0.19495.2 occurs twice',
    ],
    ['types that are missing', qcStatements(qcStatement('0.4.0.1862.1.6')), 'QcType is missing'],
    [
      'a type outside its list',
      qcStatements(qcStatement('0.4.0.1862.1.6', derOid('1.2'))),
      'QcType has the wrong type',
    ],
    [
      'a type that is text',
      qcStatements(qcStatement('0.4.0.1862.1.6', der(0x30, utf8('web')))),
      'QcType has the wrong',
    ],
    ['countries that are missing', qcStatements(qcStatement(COUNTRIES)), 'QcCClegislation is missing'],
    ['a country of three letters', qcStatements(qcStatement(COUNTRIES, der(0x30, utf8('GBR')))), 'more than 2'],
    ['a PSD2 statement without contents', qcStatements(qcStatement('0.4.0.19495.2')), 'PSD2 statement is missing'],
    [
      'a PSD2 statement that is cut short',
      qcStatements(qcStatement('0.4.0.19495.2', der(0x30, der(0x30), utf8('N')))),
      'nCAId is missing',
    ],
    [
      'a PSD2 statement with more to it',
      qcStatements(qcStatement('0.4.0.19495.2', der(0x30, der(0x30), utf8('N'), utf8('I'), utf8('x')))),
      'PSD2 statement has unexpected fields',
    ],
    [
      'roles that are no list',
      qcStatements(qcStatement('0.4.0.19495.2', der(0x30, utf8('PSP_AI'), utf8('N'), utf8('I')))),
      'rolesOfPSP of PSD2 statement has the wrong type',
    ],
    [
      'a role without a name',
      qcStatements(qcStatement('0.4.0.19495.2', der(0x30, der(0x30, der(0x30, derOid(AI))), utf8('N'), utf8('I')))),
      'roleOfPspName is missing',
    ],
    [
      'a role by name alone',
      qcStatements(qcStatement('0.4.0.19495.2', der(0x30, der(0x30, der(0x30, utf8('a'))), utf8('N'), utf8('I')))),
      'roleOfPspOid has the wrong type',
    ],
    ['NUL in the name of the authority', qcStatements(psd2Statement([], 'FCA\0.evil', 'I')), 'nCAName holds control'],
    ['a line end in its id', qcStatements(psd2Statement([], 'N', 'GB-FCA\n{"a":1}')), 'nCAId holds control'],
    [
      'a line end in the name of a role',
      qcStatements(psd2Statement([[AI, 'a\r\nb']], 'N', 'I')),
      'roleOfPspName holds',
    ],
    ['an empty id', qcStatements(psd2Statement([], 'N', '')), 'nCAId is empty'],
    ['a name of 257 characters', qcStatements(psd2Statement([], 'N'.repeat(257), 'I')), 'nCAName has more than 256'],
    ['a name that is a number', qcStatements(psd2Statement([], derInteger(1), 'I')), 'nCAName is no text'],
    ['bytes after it', Buffer.concat([qcStatements(), Buffer.of(0)]), 'not ASN.1'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readQualifiedStatements(bytes)).toThrow(DerSyntaxError)
    expect(() => readQualifiedStatements(bytes)).toThrow(message)
  })

  it.each([BRITISH_STATEMENTS, FRENCH_STATEMENTS])('refuses every shorter part of an extension', (bytes) => {
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => readQualifiedStatements(bytes.subarray(0, length))).toThrow(DerSyntaxError)
  })

  test('has one error for bytes that were tampered with, and shows none of them in it', () => {
    const change = fc.tuple(fc.nat({ max: FRENCH_STATEMENTS.length - 1 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = Buffer.from(FRENCH_STATEMENTS)
        for (const [index, value] of changes) bytes[index] = value
        try {
          readQualifiedStatements(bytes)
        } catch (failure) {
          if (!(failure instanceof DerSyntaxError)) throw failure
          expect(failure.message).toMatch(/^[A-Za-z0-9 ,.-]+$/)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
