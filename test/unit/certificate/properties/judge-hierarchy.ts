import { createClientIdentification } from '../../../../src/certificate/identify-client.ts'
import { CertificateSyntaxError, parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { buildTrustStore, type TrustStore } from '../../../../src/certificate/trust/trust-store.ts'
import type { Reason } from '../../../../src/model/reasons.ts'
import { Refusal } from '../../../../src/model/refusal.ts'
import type { MintedHierarchy } from '../../../support/mint-hierarchy.ts'
import { NOW } from './plan-hierarchy.ts'

/** The trust folder of a hierarchy. Damaged certificates cannot get into one, so they are left out. */
export function trustOf({ anchors, held }: Pick<MintedHierarchy, 'anchors' | 'held'>): TrustStore {
  return buildTrustStore('random', anchors.flatMap(parseIfPossible), held.flatMap(parseIfPossible))
}

/** The whole stage's word on a hierarchy: the reason of its refusal, or that it has none. */
export function judge({ own, others }: MintedHierarchy, trust: TrustStore): Reason | 'accepted' {
  const identify = createClientIdentification({
    ...{ demand: { required: true }, trust: () => trust, presentedLimit: 100 },
    ...{ trustEdition: () => null, onDisagreement: () => undefined },
  })
  try {
    identify({ address: '192.0.2.1', tlsVersion: 'TLSv1.3', presented: [own, ...others], openssl: null }, NOW)
    return 'accepted'
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0].reason
    throw failure
  }
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
