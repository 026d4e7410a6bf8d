import { CertificateSyntaxError, parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { buildTrustStore, type TrustStore } from '../../../../src/certificate/trust/trust-store.ts'
import type { Reason } from '../../../../src/model/reasons.ts'
import { judgePresented } from '../../../support/judge-presented.ts'
import type { MintedHierarchy } from '../../../support/mint-hierarchy.ts'
import { NOW } from './plan-hierarchy.ts'

/** The trust folder of a hierarchy. Damaged certificates cannot get into one, so they are left out. */
export function trustOf({ anchors, held }: Pick<MintedHierarchy, 'anchors' | 'held'>): TrustStore {
  return buildTrustStore('random', anchors.flatMap(parseIfPossible), held.flatMap(parseIfPossible))
}

/** The whole stage's word on a hierarchy: the reason of its refusal, or that it has none. */
export function judge({ own, others }: MintedHierarchy, trust: TrustStore): Reason | 'accepted' {
  return judgePresented([own, ...others], trust, NOW)?.reason ?? 'accepted'
}

/** Certificates of trust folders outlive many clients. */
const parsed = new WeakMap<Buffer, ParsedCertificate>()

function parseIfPossible(der: Buffer): ParsedCertificate | [] {
  try {
    const certificate = parsed.get(der) ?? parseCertificate(der)
    parsed.set(der, certificate)
    return certificate
  } catch (failure) {
    if (failure instanceof CertificateSyntaxError) return []
    throw failure
  }
}
