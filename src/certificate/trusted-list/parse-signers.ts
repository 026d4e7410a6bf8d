import { createPublicKey, type KeyObject } from 'node:crypto'
import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { Fault } from '../../model/fault.ts'
import { CertificateSyntaxError } from '../parse/parse-certificate.ts'
import { tryParseCertificate } from '../parse/try-parse-certificate.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { parsePemBundle, type PemBlock } from '../trust/parse-pem-bundle.ts'
import { faultIn, type ListFlaw } from './list-fault.ts'

/** A scheme operator as it was pinned. */
export interface ListSigner {
  readonly certificate: ParsedCertificate
  readonly key: KeyObject
  /** Subject and SHA-256, for messages. */
  readonly name: string
}

export interface ParsedSigners {
  readonly signers: readonly ListSigner[]
  readonly faults: readonly Fault[]
}

const RSA_MINIMUM_BITS = 2048
/** OpenSSL names; the Brainpool curves are those of the German list's keys. */
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1']

/** The operator's certificates, one or more: schemes announce the next one before they sign with it. Every fault is told at once. */
export function parseSigners(file: string, pem: string, now: Date): ParsedSigners {
  const blocks = parsePemBundle(pem)
  if (blocks.length === 0) {
    const hint = 'a DER file becomes one with: openssl x509 -inform der -in <file> -out <file>.pem'
    return { signers: [], faults: [faultIn(file, { wanted: 'PEM certificates', found: 'none', hint })] }
  }
  const results = blocks.map((block) => readSigner(block, now))
  return {
    signers: results.flatMap((result) => ('wanted' in result ? [] : [result])),
    faults: results.flatMap((result, index) =>
      'wanted' in result ? [faultIn(file, { ...result, line: blocks[index]?.line ?? 0 })] : [],
    ),
  }
}

function readSigner({ label, der }: PemBlock, now: Date): ListSigner | ListFlaw {
  if (label !== 'CERTIFICATE') return { wanted: 'BEGIN CERTIFICATE', found: `BEGIN ${label}` }
  if (der === null) return { wanted: 'base64 up to the END line', found: 'a block that is cut off or damaged' }
  const certificate = tryParseCertificate(der)
  if (certificate instanceof CertificateSyntaxError)
    return { wanted: 'an X.509 version 3 certificate', found: certificate.message }
  return checkDates(certificate, now) ?? importKey(certificate)
}

function checkDates({ facts }: ParsedCertificate, now: Date): ListFlaw | null {
  if (facts.notBefore <= now && now <= facts.notAfter) return null
  const found = `valid from ${facts.notBefore.toISOString()} until ${facts.notAfter.toISOString()}`
  return { wanted: `valid at ${now.toISOString()}`, found, hint: 'pin the certificate that the scheme publishes now' }
}

function importKey(certificate: ParsedCertificate): ListSigner | ListFlaw {
  const wanted = `an RSA key of at least ${RSA_MINIMUM_BITS} bits or one on a NIST or Brainpool curve`
  const key = tryImport(certificate.publicKeyDer)
  if (key === null || !isStrong(key)) return { wanted, found: 'another key' }
  const fingerprint = Buffer.from(certificate.facts.thumbprint, 'base64url').toString('hex')
  const name = `${writeDistinguishedName(certificate.facts.subject)} (SHA-256 ${fingerprint})`
  return { certificate, key, name }
}

/** Null for a key that only looks well-formed, such as a point that is not on its curve. */
function tryImport(der: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

function isStrong({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'ec') return CURVES.includes(details?.namedCurve ?? '')
  return (type === 'rsa' || type === 'rsa-pss') && (details?.modulusLength ?? 0) >= RSA_MINIMUM_BITS
}
