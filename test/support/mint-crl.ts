import { sign, type KeyObject } from 'node:crypto'
import type { MintedCertificate, MintedExtension } from './mint-certificates.ts'
import { encodeName, type Subject } from './mint-subject.ts'
import { der, derInteger, derOid } from './write-der.ts'

export interface MintedEntry {
  readonly serialNumber: number | bigint
  /** 2026-01-02 when absent. */
  readonly revokedAt?: Date
  /** CRLReason by its number. */
  readonly reason?: number
  /** Added after the reason. */
  readonly extensions?: readonly MintedExtension[]
}

export interface CrlOptions {
  readonly thisUpdate?: Date
  /** Null leaves it out. */
  readonly nextUpdate?: Date | null
  readonly entries?: readonly MintedEntry[]
  readonly number?: number
  /** A delta list when given. */
  readonly baseNumber?: number
  /** Parts of the issuing distribution point. */
  readonly scope?: readonly Buffer[]
  readonly extensions?: readonly MintedExtension[]
  readonly signer?: KeyObject
  readonly issuerName?: Subject
  /** Null leaves it out, for version 1. */
  readonly version?: number | null
}

const ECDSA_SHA256 = der(0x30, derOid('1.2.840.10045.4.3.2'))
const RSA_SHA256 = der(0x30, derOid('1.2.840.113549.1.1.11'), der(0x05))
const START = new Date('2026-01-02T00:00:00Z')
const END = new Date('2026-02-01T00:00:00Z')

/** A CRL of an authority with an EC or RSA key, from 2026-01-02 until 2026-02-01 unless the options say otherwise. */
export function mintCrl(issuer: MintedCertificate, options: CrlOptions = {}): Buffer {
  const { thisUpdate = START, nextUpdate = END, entries = [], version = 1, signer = issuer.privateKey } = options
  const extensions = extensionsOf(options)
  const algorithm = signer.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256
  const tbs = der(
    0x30,
    ...(version === null ? [] : [derInteger(version)]),
    algorithm,
    Buffer.from(encodeName(options.issuerName ?? issuer.subject)),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der(0x30, Buffer.concat(entries.map(encodeEntry)))]),
    ...(extensions.length === 0 ? [] : [der(0xa0, encodeExtensions(extensions))]),
  )
  return der(0x30, tbs, algorithm, der(0x03, Buffer.of(0), sign('sha256', tbs, signer)))
}

export function certificateIssuer(...names: readonly Buffer[]): MintedExtension {
  return { oid: '2.5.29.29', critical: true, value: der(0x30, ...names) }
}

function extensionsOf({ number, baseNumber, scope, extensions = [] }: CrlOptions): readonly MintedExtension[] {
  return [
    ...(number === undefined ? [] : [{ oid: '2.5.29.20', critical: false, value: derInteger(number) }]),
    ...(baseNumber === undefined ? [] : [{ oid: '2.5.29.27', critical: true, value: derInteger(baseNumber) }]),
    ...(scope === undefined ? [] : [{ oid: '2.5.29.28', critical: true, value: der(0x30, ...scope) }]),
    ...extensions,
  ]
}

function encodeEntry({ serialNumber, revokedAt = START, reason, extensions = [] }: MintedEntry): Buffer {
  const all: readonly MintedExtension[] = [
    ...(reason === undefined ? [] : [{ oid: '2.5.29.21', critical: false, value: der(0x0a, Buffer.of(reason)) }]),
    ...extensions,
  ]
  return der(0x30, derInteger(serialNumber), time(revokedAt), ...(all.length === 0 ? [] : [encodeExtensions(all)]))
}

function encodeExtensions(extensions: readonly MintedExtension[]): Buffer {
  const encoded = extensions.map(({ oid, critical, value }) =>
    der(0x30, derOid(oid), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value)),
  )
  return der(0x30, ...encoded)
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\..*$|[-:T]/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2)}Z`))
}
