import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { Secret } from '../model/secret.ts'
import { findWeakSignature } from './find-weak-signature.ts'

export interface KeyPairProblem {
  readonly part: 'certificate' | 'privateKey' | 'passphrase'
  readonly wanted: string
  readonly found: string
  readonly hint?: string
}

export interface PemKeyPair {
  readonly certificate: string
  readonly privateKey: Secret
  readonly passphrase: Secret | null
}

const BEGIN = '-----BEGIN CERTIFICATE-----'
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates of a PEM text in their order; null when there are none or one cannot be read. */
export function parseCertificates(pem: string): readonly X509Certificate[] | null {
  const blocks = pem.match(PEM_CERTIFICATE) ?? []
  // A block that was cut off is no match, and would be missing without anybody noticing.
  if (blocks.length === 0 || blocks.length < pem.split(BEGIN).length - 1) return null
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return null
  }
}

/** Why a certificate and a private key cannot serve together at a moment; empty when they can. */
export function inspectKeyPair(pair: PemKeyPair, now: Date): readonly KeyPairProblem[] {
  const certificates = parseCertificates(pair.certificate)
  const key = openPrivateKey(pair)
  const problems: KeyPairProblem[] = 'part' in key ? [key] : []
  const leaf = certificates?.[0]
  if (leaf === undefined)
    return [{ part: 'certificate', wanted: 'PEM certificates', found: 'none, or one that cannot be read' }, ...problems]
  if (!('part' in key) && !leaf.checkPrivateKey(key)) problems.push(describeMismatch(certificates ?? [], key))
  const faults = [findInvalidity(leaf, now), findWeakSignature(certificates ?? [])]
  return [
    ...problems,
    ...faults.flatMap((fault) => (fault === null ? [] : [{ part: 'certificate', ...fault } as const])),
  ]
}

/** What is wrong with the dates of a certificate, or null. */
export function findInvalidity(certificate: X509Certificate, now: Date): { wanted: string; found: string } | null {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)]
  if (from <= now && now <= to) return null
  return {
    wanted: `a certificate valid on ${now.toISOString()}`,
    found: `one valid from ${from.toISOString()} to ${to.toISOString()}`,
  }
}

function openPrivateKey({ privateKey, passphrase }: PemKeyPair): KeyObject | KeyPairProblem {
  const pem = privateKey.reveal()
  try {
    return createPrivateKey({
      key: pem,
      format: 'pem',
      ...(passphrase === null ? {} : { passphrase: passphrase.reveal() }),
    })
  } catch {
    if (!pem.includes('ENCRYPTED'))
      return { part: 'privateKey', wanted: 'a PEM private key', found: 'none that can be read' }
    if (passphrase !== null)
      return { part: 'passphrase', wanted: 'the passphrase of the private key', found: 'one that does not open it' }
    return { part: 'passphrase', wanted: 'a passphrase, since the private key is encrypted', found: 'nothing' }
  }
}

function describeMismatch(certificates: readonly X509Certificate[], key: KeyObject): KeyPairProblem {
  const mismatch = { part: 'privateKey', wanted: 'the key of the first certificate', found: 'another key' } as const
  const later = certificates.some((certificate) => certificate.checkPrivateKey(key))
  return later ? { ...mismatch, hint: 'put the certificate of the key first in its file' } : mismatch
}
