import type { MintedExtension } from './mint-certificates.ts'
import { encodeName, type Subject } from './mint-subject.ts'
import { der, derInteger, derOid } from './write-der.ts'

/** DER of a GeneralName (RFC 5280 section 4.2.1.6). */
export const generalName = {
  other: (typeId: string, value: Buffer): Buffer => der(0xa0, derOid(typeId), der(0xa0, value)),
  email: (text: string): Buffer => der(0x81, Buffer.from(text)),
  dns: (text: string): Buffer => der(0x82, Buffer.from(text)),
  directory: (subject: Subject): Buffer => der(0xa4, Buffer.from(encodeName(subject))),
  uri: (text: string): Buffer => der(0x86, Buffer.from(text)),
  ip: (...bytes: readonly number[]): Buffer => der(0x87, Buffer.from(bytes)),
  registeredId: (oid: string): Buffer => der(0x88, derOid(oid).subarray(2)),
} as const

export function nameConstraints(
  permitted: readonly Buffer[],
  excluded: readonly Buffer[] = [],
  critical = true,
): MintedExtension {
  const list = (tag: number, bases: readonly Buffer[]): Buffer =>
    bases.length === 0 ? Buffer.alloc(0) : der(tag, ...bases.map((base) => der(0x30, base)))
  return { oid: '2.5.29.30', critical, value: der(0x30, list(0xa0, permitted), list(0xa1, excluded)) }
}

export function alternativeNames(...names: readonly Buffer[]): MintedExtension {
  return { oid: '2.5.29.17', critical: false, value: der(0x30, ...names) }
}

/** From a policy of the issuer's domain to one of the subject's. */
export function policyMappings(...mappings: readonly (readonly [string, string])[]): MintedExtension {
  const value = der(0x30, ...mappings.map(([from, to]) => der(0x30, derOid(from), derOid(to))))
  return { oid: '2.5.29.33', critical: true, value }
}

export function policyConstraints(requireExplicit: number | null, inhibitMapping: number | null): MintedExtension {
  const skip = (tag: number, count: number | null): Buffer =>
    count === null ? Buffer.alloc(0) : der(tag, derInteger(count).subarray(2))
  const value = der(0x30, skip(0x80, requireExplicit), skip(0x81, inhibitMapping))
  return { oid: '2.5.29.36', critical: true, value }
}

export function inhibitAnyPolicy(skip: number): MintedExtension {
  return { oid: '2.5.29.54', critical: true, value: derInteger(skip) }
}

/** One DistributionPoint for each list of parts. */
export function crlDistributionPoints(...points: readonly (readonly Buffer[])[]): MintedExtension {
  return { oid: '2.5.29.31', critical: false, value: der(0x30, ...points.map((parts) => der(0x30, ...parts))) }
}

/** The distributionPoint part of a point, in a certificate as in a CRL, with full names. */
export function pointName(...names: readonly Buffer[]): Buffer {
  return der(0xa0, der(0xa0, ...names))
}
