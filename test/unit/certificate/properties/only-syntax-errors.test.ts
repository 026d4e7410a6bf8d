import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../../src/asn1/read-der.ts'
import { EXTENSION } from '../../../../src/certificate/parse/extension-oids.ts'
import { CertificateSyntaxError, parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { writeCertificate, type CertificateSpec, type RawFields } from '../../../support/write-certificate.ts'
import { der, derOid } from '../../../support/write-der.ts'
import { mintHierarchy } from '../../../support/mint-hierarchy.ts'
import { hierarchyShapes } from './hierarchy-shape.ts'
import { NOW, planHierarchy } from './plan-hierarchy.ts'
import { signingKey } from '../../../support/signing-keys.ts'

const RUNS = 3_000

/** Whether a reader takes the bytes; anything but the one error it has for bytes it does not take goes through. */
function takes(read: () => unknown, expected: abstract new (...parameters: never[]) => Error): boolean {
  try {
    read()
    return true
  } catch (failure) {
    if (failure instanceof expected) return false
    throw failure
  }
}

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))

/** Takes two bytes a character, which the library behind readDer insists on. */
const BMP_STRING = 0x1e
const TYPES = [
  0x01,
  0x02,
  0x03,
  0x04,
  0x05,
  0x0a,
  0x0c,
  0x13,
  0x14,
  0x16,
  0x17,
  0x18,
  0x1a,
  0x1c,
  BMP_STRING,
  0x80,
  0x81,
  0x82,
  0x86,
  0x87,
  0x88,
]
const CONSTRUCTED = [0x30, 0x31, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5]

/** DER of any shape, with contents that some of its types have and others do not. */
const values: fc.Arbitrary<Buffer> = fc.letrec<{ value: Buffer }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(...TYPES), bytes(20))
      .map(([tag, contents]) => der(tag, contents, ...(tag === BMP_STRING ? [contents] : []))),
    fc.constantFrom('1.2.3', '2.5.29.32.0', '1.3.6.1.5.5.7.48.1', '1.3.6.1.5.5.7.8.9').map(derOid),
    fc
      .tuple(fc.constantFrom(...CONSTRUCTED), fc.array(tie('value'), { maxLength: 4 }))
      .map(([tag, parts]) => der(tag, ...parts)),
  ),
})).value

const key = signingKey('p256', 0)
const CERTIFICATE: CertificateSpec = {
  ...{ subject: [['CN', 'any']], issuer: [['CN', 'any']], key, signer: key },
  ...{ style: { digest: 'sha256', pss: false }, serialNumber: Buffer.of(1), notBefore: NOW, notAfter: NOW },
  extensions: {},
}

describe('readDer', () => {
  it('takes any bytes or throws DerSyntaxError, nothing else', () => {
    fc.assert(
      fc.property(bytes(300), (any) => void takes(() => readDer(any), DerSyntaxError)),
      { numRuns: RUNS },
    )
  })

  it('takes every value that is DER and gives back its bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(readDer(value).raw).toEqual(value)
      }),
      { numRuns: RUNS },
    )
  })
})

describe('parseCertificate throws CertificateSyntaxError and nothing else', () => {
  it('for any bytes', () => {
    fc.assert(
      fc.property(bytes(300), (any) => {
        expect(takes(() => parseCertificate(any), CertificateSyntaxError)).toBe(false)
      }),
      { numRuns: RUNS },
    )
  })

  it('for any value in place of a field', () => {
    const fields: readonly (keyof RawFields)[] = [
      ...(['version', 'serialNumber', 'algorithm', 'issuer', 'validity', 'subject'] as const),
      ...(['publicKey', 'extensions', 'outerAlgorithm'] as const),
    ]
    fc.assert(
      fc.property(fc.constantFrom(...fields), values, (field, value) => {
        const certificate = writeCertificate({ ...CERTIFICATE, raw: { [field]: value } })
        takes(() => parseCertificate(certificate), CertificateSyntaxError)
      }),
      { numRuns: RUNS },
    )
  })

  it('for any value in an extension that it reads', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(EXTENSION)), fc.boolean(), values, (oid, critical, value) => {
        const certificate = writeCertificate({ ...CERTIFICATE, extraExtensions: [{ oid, critical, value }] })
        if (takes(() => parseCertificate(certificate), CertificateSyntaxError)) taken += 1
      }),
      { numRuns: 2 * RUNS },
    )
    expect(taken).toBeGreaterThan(0)
  })

  it('for certificates in use with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(hierarchyShapes, fc.array(changes, { minLength: 10, maxLength: 10 }), (shape, lists) => {
        const { own, anchors } = mintHierarchy(planHierarchy({ ...shape, intermediates: [] }, 'w'))
        for (const certificate of [own, ...anchors])
          for (const list of lists) {
            const changed = Buffer.from(certificate)
            for (const [position, value] of list) changed[position % changed.length] = value
            takes(() => parseCertificate(changed), CertificateSyntaxError)
          }
      }),
      { numRuns: 200 },
    )
  })
})
