import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { isUniversal } from '../../asn1/expect-node.ts'
import { readWholeBytes } from '../../asn1/read-bit-string.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readIntegerBytes } from '../../asn1/read-integer.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'
import type { NAMED_CURVES, PublicKeyFacts } from '../../model/client.ts'

const CURVES: Readonly<Record<string, { readonly curve: (typeof NAMED_CURVES)[number]; readonly bits: number }>> = {
  '1.2.840.10045.3.1.7': { curve: 'prime256v1', bits: 256 },
  '1.3.132.0.34': { curve: 'secp384r1', bits: 384 },
  '1.3.132.0.35': { curve: 'secp521r1', bits: 521 },
}

const OTHER: PublicKeyFacts = { type: 'other', bits: 0 }

/** What a SubjectPublicKeyInfo holds; keys of unknown types and curves are `other`. @throws DerSyntaxError */
export function readPublicKey(node: DerNode): PublicKeyFacts {
  const fields = new DerFields(node, 'subjectPublicKeyInfo')
  const algorithm = new DerFields(fields.takeAny(), 'algorithm of the public key')
  const oid = readObjectIdentifier(algorithm.takeAny(), 'algorithm of the public key')
  const parameters = algorithm.takeAny()
  algorithm.end()
  const key = readWholeBytes(fields.takeAny(), 'subjectPublicKey')
  fields.end()
  return READERS[oid]?.(key, parameters) ?? OTHER
}

const READERS: Readonly<Record<string, (key: Buffer, parameters: DerNode | undefined) => PublicKeyFacts>> = {
  '1.2.840.113549.1.1.1': (key) => ({ type: 'rsa', bits: readModulusBits(key) }),
  '1.2.840.113549.1.1.10': (key) => ({ type: 'rsa-pss', bits: readModulusBits(key) }),
  '1.2.840.10045.2.1': (_, parameters) => readCurve(parameters),
  '1.3.101.112': () => ({ type: 'ed25519', bits: 256 }),
}

/** RFC 8017 section 3.1: exponents are odd and at least 3; with an exponent of 1 everybody can sign. */
function readModulusBits(key: Buffer): number {
  const fields = new DerFields(readDer(key), 'RSA key')
  const modulus = readIntegerBytes(fields.takeAny(), 'modulus')
  const exponent = readIntegerBytes(fields.takeAny(), 'exponent')
  fields.end()
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1
  if (isNegative(modulus) || isNegative(exponent) || !isOdd || exponent.equals(ONE))
    throw new DerSyntaxError('no RSA key')
  const [first = 0] = modulus
  return modulus.length * 8 - (Math.clz32(first) - 24)
}

const ONE = Buffer.of(1)

/** Two's complement, which a leading zero byte keeps positive. */
function isNegative([first = 0]: Buffer): boolean {
  return first >= 0x80
}

/** Curves whose parameters are written out could be forged to match another key (CVE-2020-0601), so they have no name here. */
function readCurve(parameters: DerNode | undefined): PublicKeyFacts {
  if (parameters === undefined || !isUniversal(parameters, TAG.objectIdentifier)) return OTHER
  const known = CURVES[readObjectIdentifier(parameters, 'curve')]
  return known === undefined ? OTHER : { type: 'ec', ...known }
}
