import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto'
import {
  checkOcspResponse,
  type OcspRules,
} from '../../../../../src/certificate/revocation/ocsp/check-ocsp-response.ts'
import { parseOcspResponse } from '../../../../../src/certificate/revocation/ocsp/parse-ocsp-response.ts'
import type {
  IssuedCertificate,
  RevocationStatus,
} from '../../../../../src/certificate/revocation/revocation-status.ts'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import {
  mintClientCertificate,
  type MintedAuthority,
  type MintedCertificate,
  type MintOptions,
} from '../../../../support/mint-certificates.ts'
import { der, derInteger, derOid } from '../../../../support/write-der.ts'

export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
export const NO_CHECK: NonNullable<MintOptions['extraExtensions']> = [
  { oid: '1.3.6.1.5.5.7.48.1.5', critical: false, value: der(0x05) },
]

const MINUTE_MS = 60_000
export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
export const minutesFromNow = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE_MS)

export const RULES: OcspRules = {
  nonce: null,
  nonceMode: 'optional',
  extraResponders: [],
  clockSkewSeconds: 300,
  maxAgeSeconds: 3600,
  now: NOW,
}

export function linkOf(certificate: MintedCertificate, issuer: MintedCertificate): IssuedCertificate {
  return { certificate: parseCertificate(certificate.der), issuer: parseCertificate(issuer.der) }
}

/** A certificate that may sign answers for the authority, unless the options say otherwise. */
export function mintDelegate(authority: MintedAuthority, options: MintOptions = {}): Promise<MintedCertificate> {
  return mintClientCertificate(authority, {
    subject: [['CN', 'Responder']],
    extendedKeyUsage: [OCSP_SIGNING],
    extraExtensions: NO_CHECK,
    ...options,
  })
}

/** Bytes are written as they are. */
export type ForgedStatus = 'good' | 'unknown' | Buffer | { readonly revokedAt: Date; readonly reason?: number }

export interface ForgedSingle {
  readonly about?: IssuedCertificate
  readonly status?: ForgedStatus
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly hash?: 'sha1' | 'sha256' | 'sha512' | 'md5'
  /** Replace what the CertID would truly say. */
  readonly issuerNameHash?: Buffer
  readonly issuerKeyHash?: Buffer
  readonly serialNumber?: bigint
  readonly extensions?: readonly Buffer[]
}

export interface ForgedAnswer {
  readonly link: IssuedCertificate
  readonly signer: MintedCertificate
  readonly responderId?: 'name' | 'key' | Buffer
  readonly singles?: readonly ForgedSingle[]
  readonly producedAt?: Date
  readonly extensions?: readonly Buffer[]
  readonly certificates?: readonly MintedCertificate[]
  readonly version?: number
  readonly digest?: 'sha1' | 'sha256'
}

/** A signed answer, right in everything that is not asked to be wrong. */
export function forgeAnswer(answer: ForgedAnswer): Buffer {
  const data = responseData(answer)
  const { digest = 'sha256', certificates = [] } = answer
  const certs = certificates.length === 0 ? [] : [der(0xa0, der(0x30, ...certificates.map(({ der: bytes }) => bytes)))]
  const signature = sign(digest, data, answer.signer.privateKey)
  return wrapBasic(der(0x30, data, signatureAlgorithm(answer.signer.privateKey, digest), bits(signature), ...certs))
}

/** An answer around any bytes that stand for the BasicOCSPResponse. */
export function wrapBasic(basic: Buffer, type = '1.3.6.1.5.5.7.48.1.1', status = 0): Buffer {
  return der(0x30, der(0x0a, Buffer.of(status)), der(0xa0, der(0x30, derOid(type), der(0x04, basic))))
}

export function extension(oid: string, value: Buffer, critical = false): Buffer {
  return der(0x30, derOid(oid), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value))
}

export function nonceExtension(nonce: Buffer): Buffer {
  return extension('1.3.6.1.5.5.7.48.1.2', der(0x04, nonce))
}

/** What the gateway makes of the bytes. */
export function check(bytes: Buffer, link: IssuedCertificate, rules: Partial<OcspRules> = {}): RevocationStatus {
  return checkOcspResponse(parseOcspResponse(bytes), link, { ...RULES, ...rules })
}

export function generalizedTime(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`))
}

function responseData(answer: ForgedAnswer): Buffer {
  const { link, singles = [{}], producedAt = NOW, extensions = [], version } = answer
  return der(
    0x30,
    ...(version === undefined ? [] : [der(0xa0, derInteger(version))]),
    responderId(answer),
    generalizedTime(producedAt),
    der(0x30, ...singles.map((single) => singleResponse(single, link))),
    ...(extensions.length === 0 ? [] : [der(0xa1, der(0x30, ...extensions))]),
  )
}

function responderId({ responderId: by = 'name', signer }: ForgedAnswer): Buffer {
  if (by === 'key') return der(0xa2, der(0x04, createHash('sha1').update(keyBits(signer.privateKey)).digest()))
  return by === 'name' ? der(0xa1, parseCertificate(signer.der).subjectNameDer) : by
}

function singleResponse(single: ForgedSingle, link: IssuedCertificate): Buffer {
  const { status = 'good', thisUpdate = NOW, nextUpdate = minutesFromNow(60), extensions = [] } = single
  return der(
    0x30,
    certId(single, single.about ?? link),
    certStatus(status),
    generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [der(0xa0, generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [der(0xa1, der(0x30, ...extensions))]),
  )
}

const HASH_OIDS = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha512: '2.16.840.1.101.3.4.2.3',
}

/** Computed anew, independent of what the gateway writes. */
function certId(single: ForgedSingle, { certificate, issuer }: IssuedCertificate): Buffer {
  const { hash = 'sha1', serialNumber = BigInt(`0x${certificate.facts.serialNumber}`) } = single
  const digest = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest()
  const issuerKey = createPublicKey({ key: issuer.publicKeyDer, format: 'der', type: 'spki' })
  return der(
    0x30,
    der(0x30, derOid(HASH_OIDS[hash]), der(0x05)),
    der(0x04, single.issuerNameHash ?? digest(certificate.issuerNameDer)),
    der(0x04, single.issuerKeyHash ?? digest(keyBits(issuerKey))),
    derInteger(serialNumber),
  )
}

function certStatus(status: ForgedStatus): Buffer {
  if (status === 'good') return der(0x80)
  if (status === 'unknown') return der(0x82)
  if (Buffer.isBuffer(status)) return status
  const reason = status.reason === undefined ? [] : [der(0xa0, der(0x0a, Buffer.of(status.reason)))]
  return der(0xa1, generalizedTime(status.revokedAt), ...reason)
}

/** Of EC keys the uncompressed point, of RSA keys the PKCS#1 structure: both are what the BIT STRING holds. */
function keyBits(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  if (publicKey.asymmetricKeyType === 'rsa') return publicKey.export({ format: 'der', type: 'pkcs1' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

function signatureAlgorithm(key: KeyObject, digest: 'sha1' | 'sha256'): Buffer {
  const rsa = { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' }
  const ec = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' }
  return key.asymmetricKeyType === 'rsa' ? der(0x30, derOid(rsa[digest]), der(0x05)) : der(0x30, derOid(ec[digest]))
}

function bits(bytes: Buffer): Buffer {
  return der(0x03, Buffer.of(0), bytes)
}
