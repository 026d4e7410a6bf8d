import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import type { Secret } from '../model/secret.ts'

export interface Pkcs12Problem {
  readonly part: 'bundle' | 'passphrase'
  readonly wanted: string
  readonly found: string
}

const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids

/** What a bundle holds, as node:crypto knows it. */
interface Contents {
  readonly key: KeyObject | null
  readonly certificates: readonly X509Certificate[]
}

const UNOPENED = 'one that does not open it, or a bundle protected in an unknown way'

/** What is wrong with the certificate of the key, or with one of all that would be presented; null when nothing is. */
export type InspectCertificates = (
  leaf: X509Certificate,
  all: readonly X509Certificate[],
) => { readonly wanted: string; readonly found: string } | null

/** Why a PKCS#12 bundle (RFC 7292) cannot serve, or null when it can; OpenSSL's own errors do not tell these cases apart. */
export function inspectPkcs12(bundle: Buffer, passphrase: Secret, inspect: InspectCertificates): Pkcs12Problem | null {
  const structure = parsePfx(bundle)
  if (structure === null) return { part: 'bundle', wanted: 'a PKCS#12 bundle (DER)', found: 'something else' }
  const contents = openPfx(structure, passphrase)
  if (contents === null) return { part: 'passphrase', wanted: 'the passphrase of the bundle', found: UNOPENED }
  const { key, certificates } = contents
  if (key === null) return { part: 'bundle', wanted: 'a bundle with a private key', found: 'one without' }
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (leaf === undefined)
    return { part: 'bundle', wanted: 'a bundle with the certificate of its private key', found: 'one without' }
  const problem = inspect(leaf, certificates)
  return problem === null ? null : { part: 'bundle', ...problem }
}

/** PFX ::= SEQUENCE { version INTEGER {v3(3)}, ... } (RFC 7292 section 4). */
function parsePfx(bundle: Buffer): forge.asn1.Asn1 | null {
  try {
    const structure = forge.asn1.fromDer(bundle.toString('binary'))
    const [version] = structure.value as readonly (forge.asn1.Asn1 | undefined)[]
    return version?.value === '\x03' ? structure : null
  } catch {
    return null
  }
}

function openPfx(structure: forge.asn1.Asn1, passphrase: Secret): Contents | null {
  try {
    const pfx = forge.pkcs12.pkcs12FromAsn1(structure, passphrase.reveal())
    const [key] = bagsOf(pfx, [pkcs8ShroudedKeyBag, keyBag])
    return { key: key === undefined ? null : readKey(key), certificates: bagsOf(pfx, [certBag]).map(readCertificate) }
  } catch {
    return null
  }
}

function bagsOf(pfx: forge.pkcs12.Pkcs12Pfx, types: readonly (string | undefined)[]): forge.pkcs12.Bag[] {
  return types.flatMap((bagType = '') => pfx.getBags({ bagType })[bagType] ?? [])
}

/** node-forge knows RSA alone, and leaves all other keys and certificates as the structure they came in (RFC 5958). */
function readKey({ key, asn1 }: forge.pkcs12.Bag): KeyObject {
  const structure = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1
  return createPrivateKey({ key: derOf(structure), format: 'der', type: 'pkcs8' })
}

function readCertificate({ cert, asn1 }: forge.pkcs12.Bag): X509Certificate {
  return new X509Certificate(derOf(cert ? forge.pki.certificateToAsn1(cert) : asn1))
}

function derOf(structure: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(structure).getBytes(), 'binary')
}
