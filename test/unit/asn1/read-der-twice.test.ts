import fc from 'fast-check'
import forge from 'node-forge'
import { expect, test } from 'vitest'
import type { DerNode } from '../../../src/asn1/der-node.ts'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { mintAuthority, mintClientCertificate } from '../../support/mint-certificates.ts'
import { der } from '../../support/write-der.ts'

const CERTIFICATE = (await mintClientCertificate(await mintAuthority())).der

type Tree = readonly [identifier: number, contents: string | readonly Tree[]]

/** Null for bytes that are no DER. */
function readHere(bytes: Buffer): Tree | null {
  const treeOf = (node: DerNode): Tree => [
    node.raw[0] ?? 0,
    node.constructed ? node.children.map(treeOf) : node.contents.toString('latin1'),
  ]
  try {
    return treeOf(readDer(bytes))
  } catch (failure) {
    if (failure instanceof DerSyntaxError) return null
    throw failure
  }
}

/** The published types know only the boolean form of the second argument. */
const fromDer = forge.asn1.fromDer as unknown as (bytes: string, options: object) => forge.asn1.Asn1

/** By a reader that nobody here wrote; it takes BER. Its BMPStrings are decoded, so they are encoded again. */
function readThere(bytes: Buffer): Tree {
  const treeOf = ({ tagClass, constructed, type, value }: forge.asn1.Asn1): Tree => {
    const identifier = tagClass | (constructed ? 0x20 : 0) | type
    if (typeof value !== 'string') return [identifier, value.map(treeOf)]
    return [
      identifier,
      type === forge.asn1.Type.BMPSTRING ? Buffer.from(value, 'utf16le').swap16().toString('latin1') : value,
    ]
  }
  return treeOf(fromDer(bytes.toString('latin1'), { strict: true, parseAllBytes: true, decodeBitStrings: false }))
}

/** Where the other reader is wrong: it takes every tag 30 for a BMPString, of the context class too. */
const hasOther30 = (tree: Tree): boolean =>
  typeof tree[1] === 'string' ? (tree[0] & 0x1f) === 30 && tree[0] !== 30 : tree[1].some(hasOther30)

const damaged = fc
  .array(fc.tuple(fc.nat(CERTIFICATE.length - 1), fc.nat(255)), { maxLength: 3 })
  .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.fill(byte, at, at + 1), Buffer.from(CERTIFICATE)))

const IDENTIFIERS = [0x02, 0x04, 0x0c, 0x1e, 0x30, 0x31, 0x5f, 0x80, 0x24, 0x28, 0x00, 0xa0, 0xbf, 0xe1]
const { tree: made } = fc.letrec<{ tree: Buffer }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(fc.constantFrom(...IDENTIFIERS), fc.uint8Array({ maxLength: 5 }))
      .map(([first, bytes]) => der(first, bytes)),
    fc
      .tuple(fc.constantFrom(...IDENTIFIERS), fc.array(tie('tree'), { maxLength: 4 }))
      .map(([first, parts]) => der(first, ...parts)),
  ),
}))

test('whatever readDer takes, an independent reader takes as well, and sees the same in it', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.oneof(damaged, made), (bytes) => {
      const tree = readHere(bytes)
      if (tree === null || hasOther30(tree)) return
      taken += 1
      expect(readThere(bytes)).toEqual(tree)
    }),
    { numRuns: 3_000 },
  )
  expect(taken).toBeGreaterThan(300)
})
