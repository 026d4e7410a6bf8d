import { readDer } from '../../../../src/asn1/read-der.ts'
import { der } from '../../../support/write-der.ts'

/** Fields of a minted certificate, all of them DER. */
export interface CertificateParts {
  readonly version: Buffer
  readonly serialNumber: Buffer
  /** Inside the signed part. */
  readonly innerAlgorithm: Buffer
  readonly issuer: Buffer
  readonly validity: Buffer
  readonly subject: Buffer
  readonly publicKey: Buffer
  /** Context tag 3 around the list. */
  readonly extensions: Buffer
  readonly outerAlgorithm: Buffer
  readonly signature: Buffer
}

const NOTHING = Buffer.alloc(0)

export function takeApart(certificate: Buffer): CertificateParts {
  const [tbs, outer, signature] = readDer(certificate).children
  const raw = (tbs?.children ?? []).map((node) => node.raw)
  const [version, serialNumber, innerAlgorithm, issuer, validity, subject, publicKey, extensions] = raw.map((part) =>
    Buffer.from(part),
  )
  return {
    version: version ?? NOTHING,
    serialNumber: serialNumber ?? NOTHING,
    innerAlgorithm: innerAlgorithm ?? NOTHING,
    issuer: issuer ?? NOTHING,
    validity: validity ?? NOTHING,
    subject: subject ?? NOTHING,
    publicKey: publicKey ?? NOTHING,
    extensions: extensions ?? NOTHING,
    outerAlgorithm: outer?.raw ?? NOTHING,
    signature: signature?.raw ?? NOTHING,
  }
}

/** The same certificate with some parts replaced, signed by nobody unless `signature` is one of them. */
export function rebuildCertificate(certificate: Buffer, changes: Partial<CertificateParts>): Buffer {
  const parts = { ...takeApart(certificate), ...changes }
  return der(0x30, signedPart(parts), parts.outerAlgorithm, parts.signature)
}

/** As above, signed anew over the changed part. */
export function resignCertificate(
  certificate: Buffer,
  changes: Partial<CertificateParts>,
  sign: (tbs: Buffer) => Buffer,
): Buffer {
  const parts = { ...takeApart(certificate), ...changes }
  const signature = der(0x03, Buffer.of(0), sign(signedPart(parts)))
  return der(0x30, signedPart(parts), parts.outerAlgorithm, signature)
}

function signedPart(parts: CertificateParts): Buffer {
  const { version, serialNumber, innerAlgorithm, issuer, validity, subject, publicKey, extensions } = parts
  return der(0x30, version, serialNumber, innerAlgorithm, issuer, validity, subject, publicKey, extensions)
}

/** Context tag 3 around extensions, each of them the DER of its SEQUENCE. */
export function extensionList(...extensions: readonly Buffer[]): Buffer {
  return der(0xa3, der(0x30, ...extensions))
}
