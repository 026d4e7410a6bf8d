import { CertificateCache } from './certificate-cache.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'

/** Whom one trust folder trusts, built once and looked up by name. */
export interface TrustStore {
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

/** More than any scheme has. */
const VOUCHED_FOR_LIMIT = 256

export function buildTrustStore(
  name: string,
  anchors: readonly ParsedCertificate[],
  intermediates: readonly ParsedCertificate[],
): TrustStore {
  const held = new Map([...intermediates, ...anchors].map((certificate) => [certificate.facts.thumbprint, certificate]))
  return {
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
