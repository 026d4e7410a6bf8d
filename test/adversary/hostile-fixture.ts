import { judgePresented } from '../support/judge-presented.ts'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import { buildTrustStore, type TrustStore } from '../../src/certificate/trust/trust-store.ts'
import type { Finding } from '../../src/model/refusal.ts'
import { CLIENT_AUTH } from '../support/mint-certificates.ts'
import type { Subject } from '../support/mint-subject.ts'
import { signingKey, type SigningKey } from '../support/signing-keys.ts'
import { writeCertificate, type CertificateSpec } from '../support/write-certificate.ts'

export const NOW = new Date('2026-11-23T12:00:00Z')
export const ROOT_KEY = signingKey('p256', 0)
export const ISSUING_KEY = signingKey('p256', 1)
export const CLIENT_KEY = signingKey('p256', 2)
export const ROOT: Subject = [['CN', 'Root']]
export const ISSUING: Subject = [['CN', 'Issuing']]

const usual = {
  style: { digest: 'sha256', pss: false },
  serialNumber: Buffer.of(1),
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
} as const

export function authoritySpec(
  subject: Subject,
  key: SigningKey,
  issuer: Subject,
  signer: SigningKey,
  changes: Partial<CertificateSpec> = {},
): CertificateSpec {
  const extensions = { basicConstraints: { ca: true }, keyUsage: ['keyCertSign'] } as const
  return { ...usual, subject, key, issuer, signer, extensions, ...changes }
}

/** What a good client of the issuing authority has, but for the changes. */
export function clientSpec(changes: Partial<CertificateSpec> = {}): CertificateSpec {
  const extensions = { keyUsage: ['digitalSignature'], extendedKeyUsage: [CLIENT_AUTH] } as const
  const subject: Subject = [['CN', 'client.example.com']]
  return { ...usual, subject, key: CLIENT_KEY, issuer: ISSUING, signer: ISSUING_KEY, extensions, ...changes }
}

export const ROOT_DER = writeCertificate(authoritySpec(ROOT, ROOT_KEY, ROOT, ROOT_KEY))
export const ISSUING_DER = writeCertificate(authoritySpec(ISSUING, ISSUING_KEY, ROOT, ROOT_KEY))
export const CLIENT_DER = writeCertificate(clientSpec())

export function trustIn(...anchors: readonly Buffer[]): TrustStore {
  return buildTrustStore('example', anchors.map(parseCertificate), [])
}

/** Why the stage refuses what is presented; null when it does not. */
export function findingOn(presented: readonly Buffer[], trust: TrustStore = trustIn(ROOT_DER)): Finding | null {
  return judgePresented(presented, trust, NOW)
}

/** Reason, and what was found; or that nothing is wrong. */
type Verdict = readonly [reason: string, found?: string | undefined]

/** What the stage says of a client certificate that its issuer really signed. */
export function verdictOn(changes: Partial<CertificateSpec>): Verdict {
  return verdictOnBytes(writeCertificate(clientSpec(changes)))
}

/** What it says of any bytes in place of the client's certificate. */
export function verdictOnBytes(own: Buffer): Verdict {
  const finding = findingOn([own, ISSUING_DER])
  return finding === null ? ['accepted'] : [finding.reason, finding.found]
}
