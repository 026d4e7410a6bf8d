import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { ParsedCrl } from '../revocation/crl/parsed-crl.ts'
import { CertificateCache } from './certificate-cache.ts'
import { USUAL_TRUST_SETTINGS, type TrustSettings } from './trust-settings-schema.ts'

/** Whom one trust folder trusts, built once and looked up by name. */
export interface TrustStore extends RevocationHoldings {
  /** Of the folder. */
  readonly name: string
  /** By `subjectKey`: several when an authority has several keys. */
  readonly anchors: ReadonlyMap<string, readonly ParsedCertificate[]>
  /** Not trusted by themselves; they spare clients from sending them. */
  readonly intermediates: ReadonlyMap<string, readonly ParsedCertificate[]>
  /** Anchors and intermediates by thumbprint, so that a presented copy need not be taken apart again. */
  readonly held: ReadonlyMap<string, ParsedCertificate>
  /** Intermediates that clients presented and that led to an anchor. */
  readonly vouchedFor: CertificateCache
}

/** What a trust folder says of revocation. */
export interface RevocationHoldings {
  readonly crls: readonly ParsedCrl[]
  /** Who may sign OCSP answers besides the issuers themselves. */
  readonly responders: readonly ParsedCertificate[]
  readonly settings: TrustSettings
}

const NOTHING_HELD: RevocationHoldings = { crls: [], responders: [], settings: USUAL_TRUST_SETTINGS }

/** More than any scheme has. */
const VOUCHED_FOR_LIMIT = 256

export function buildTrustStore(
  name: string,
  anchors: readonly ParsedCertificate[],
  intermediates: readonly ParsedCertificate[],
  holdings: RevocationHoldings = NOTHING_HELD,
): TrustStore {
  const held = new Map([...intermediates, ...anchors].map((certificate) => [certificate.facts.thumbprint, certificate]))
  return {
    ...holdings,
    name,
    anchors: groupBySubject(anchors),
    intermediates: groupBySubject(intermediates),
    held,
    vouchedFor: new CertificateCache(VOUCHED_FOR_LIMIT),
  }
}

export function groupBySubject(
  certificates: readonly ParsedCertificate[],
): ReadonlyMap<string, readonly ParsedCertificate[]> {
  const groups = new Map<string, ParsedCertificate[]>()
  for (const certificate of certificates) {
    const group = groups.get(certificate.subjectKey)
    if (group === undefined) groups.set(certificate.subjectKey, [certificate])
    else group.push(certificate)
  }
  return groups
}
