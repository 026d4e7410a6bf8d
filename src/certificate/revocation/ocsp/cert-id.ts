import { createHash } from 'node:crypto'
import { writeDer, writeInteger, writeObjectIdentifier } from '../../../asn1/write-der.ts'
import type { IssuedCertificate } from '../revocation-status.ts'
import { publicKeyBits } from './public-key-bits.ts'

/** How an answer names the certificate it is about (RFC 6960 section 4.1.1). */
export interface CertId {
  /** Dotted OID. */
  readonly hashAlgorithm: string
  readonly issuerNameHash: Buffer
  readonly issuerKeyHash: Buffer
  /** As in `CertificateFacts`. */
  readonly serialNumber: string
}

const HASHES = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const

/**
 * SHA-1 is what RFC 5019 section 2.1.1 prescribes and what many responders know alone. It is an index here: who finds another
 * issuer with the same hashes still has no answer that the key of the true issuer, or its delegate, signed.
 */
export type CertIdHash = 'sha1' | 'sha256'

export function writeCertId(link: IssuedCertificate, hash: CertIdHash): Buffer {
  const algorithm = writeDer(0x30, writeObjectIdentifier(HASHES[hash]), writeDer(0x05))
  const name = writeDer(0x04, issuerNameHash(link, hash))
  const key = writeDer(0x04, issuerKeyHash(link, hash))
  return writeDer(0x30, algorithm, name, key, writeInteger(numberOf(link.certificate.facts.serialNumber)))
}

/** Whether all three parts name this very certificate, whichever known hash the responder chose. */
export function matchesCertId(certId: CertId, link: IssuedCertificate): boolean {
  const hash = hashOf(certId.hashAlgorithm)
  return (
    hash !== null &&
    certId.serialNumber === link.certificate.facts.serialNumber &&
    certId.issuerNameHash.equals(issuerNameHash(link, hash)) &&
    certId.issuerKeyHash.equals(issuerKeyHash(link, hash))
  )
}

type HashName = keyof typeof HASHES

function hashOf(oid: string): HashName | null {
  const names: readonly HashName[] = ['sha1', 'sha256', 'sha384', 'sha512']
  return names.find((name) => HASHES[name] === oid) ?? null
}

/** The name as the certificate in question writes it, not as its issuer does. */
function issuerNameHash({ certificate }: IssuedCertificate, hash: HashName): Buffer {
  return createHash(hash).update(certificate.issuerNameDer).digest()
}

function issuerKeyHash({ issuer }: IssuedCertificate, hash: HashName): Buffer {
  return createHash(hash).update(publicKeyBits(issuer)).digest()
}

function numberOf(serialNumber: string): bigint {
  return serialNumber.startsWith('-') ? -BigInt(`0x${serialNumber.slice(1)}`) : BigInt(`0x${serialNumber}`)
}
