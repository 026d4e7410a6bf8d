import { encodeName, type Subject } from './mint-subject.ts'
import { signatureAlgorithm, signWith, type SignatureStyle, type SigningKey } from './signing-keys.ts'
import { der } from './write-der.ts'
import { writeExtensions, type ExtensionFields, type ExtensionName, type ExtensionSpec } from './write-extensions.ts'

/** Fields of the signed part, each of them DER, in place of what the specification says; an empty one leaves the field out. */
export interface RawFields {
  readonly version: Buffer
  readonly serialNumber: Buffer
  readonly algorithm: Buffer
  readonly issuer: Buffer
  readonly validity: Buffer
  readonly subject: Buffer
  readonly publicKey: Buffer
  /** Context tag 3 included. */
  readonly extensions: Buffer
  /** Outside the signed part. */
  readonly outerAlgorithm: Buffer
}

/** Everything about one certificate; nothing is checked, so that it can be wrong in any way. */
export interface CertificateSpec {
  readonly subject: Subject
  readonly issuer: Subject
  /** The subject's. */
  readonly key: SigningKey
  /** The issuer's. */
  readonly signer: SigningKey
  readonly style: SignatureStyle
  /** Contents of the INTEGER. */
  readonly serialNumber: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: ExtensionFields
  /** Whose `critical` is the other way round than RFC 5280 says. */
  readonly flipped?: readonly ExtensionName[]
  readonly extraExtensions?: readonly ExtensionSpec[]
  readonly raw?: Partial<RawFields>
}

/** Writes and signs a certificate at once and synchronously, a few thousand a second: property tests need that many. */
export function writeCertificate(spec: CertificateSpec): Buffer {
  const algorithm = signatureAlgorithm(spec.signer, spec.style)
  const tbs = writeTbs(spec, algorithm)
  const signature = der(0x03, Buffer.of(0), signWith(spec.signer, spec.style, tbs))
  return der(0x30, tbs, spec.raw?.outerAlgorithm ?? spec.raw?.algorithm ?? algorithm, signature)
}

function writeTbs(spec: CertificateSpec, algorithm: Buffer): Buffer {
  const { raw = {} } = spec
  return der(
    0x30,
    raw.version ?? VERSION_3,
    raw.serialNumber ?? der(0x02, spec.serialNumber),
    raw.algorithm ?? algorithm,
    raw.issuer ?? encodeName(spec.issuer),
    raw.validity ?? der(0x30, writeTime(spec.notBefore), writeTime(spec.notAfter)),
    raw.subject ?? encodeName(spec.subject),
    raw.publicKey ?? spec.key.publicKey,
    raw.extensions ?? extensionList(writeExtensions(spec.extensions, spec.flipped ?? [], spec.extraExtensions ?? [])),
  )
}

/** An empty list has to be left out (RFC 5280 section 4.1). */
function extensionList(extensions: readonly Buffer[]): Buffer {
  return extensions.length === 0 ? Buffer.alloc(0) : der(0xa3, der(0x30, ...extensions))
}

const VERSION_3 = Buffer.from('a003020102', 'hex')

/** UTCTime up to 2049 (RFC 5280 section 4.1.2.5). */
function writeTime(time: Date): Buffer {
  const digits = `${time.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`
  const year = time.getUTCFullYear()
  return year >= 1950 && year < 2050
    ? der(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : der(0x18, Buffer.from(digits, 'latin1'))
}
