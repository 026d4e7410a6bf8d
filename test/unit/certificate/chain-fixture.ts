import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import type { RevocationSources } from '../../../src/certificate/revocation/store/revocation-store.ts'
import { buildTrustStore, type TrustStore } from '../../../src/certificate/trust/trust-store.ts'
import { verifyPresented, type PresentedVerdict } from '../../../src/certificate/verify-presented.ts'
import type { CertificateDemand } from '../../../src/model/policy.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type MintOptions,
  type MintedCertificate,
  type Subject,
} from '../../support/mint-certificates.ts'

export const ROOT: Subject = [
  ['O', 'Example'],
  ['CN', 'Root'],
]
export const ISSUING: Subject = [
  ['O', 'Example'],
  ['CN', 'Issuing'],
]

/** What a policy demands at least. */
export const A_CERTIFICATE: CertificateDemand = { required: true, policies: null, revocation: null }

/** For policies that do not ask about revocation: whoever is asked all the same has been asked by mistake. */
export function nobodyToAsk(): RevocationSources {
  throw new Error('asked about revocation')
}

export interface Chain {
  readonly root: MintedCertificate
  readonly issuing: MintedCertificate
  readonly client: MintedCertificate
  /** Holds the root alone. */
  readonly trust: TrustStore
}

export async function mintChain(dates: Pick<MintOptions, 'notBefore' | 'notAfter'> = {}): Promise<Chain> {
  const root = await mintAuthority({ subject: ROOT, ...dates })
  const issuing = await mintAuthority({ subject: ISSUING, issuer: root, ...dates })
  return { root, issuing, client: await mintClientCertificate(issuing, dates), trust: trustOf([root]) }
}

/** A trust store without any file. */
export function trustOf(
  anchors: readonly MintedCertificate[],
  intermediates: readonly MintedCertificate[] = [],
): TrustStore {
  const parse = (certificates: readonly MintedCertificate[]) => certificates.map(({ der }) => parseCertificate(der))
  return buildTrustStore('example', parse(anchors), parse(intermediates))
}

/** What becomes of a client that presents its certificate and all intermediates. */
export function verifyChain(
  certificate: MintedCertificate,
  trust: TrustStore,
  extra: readonly Buffer[] = [],
): PresentedVerdict {
  const [own = certificate.der, ...others] = presentedChain(certificate)
  return verifyPresented(own, [...others, ...extra], trust)
}

/** The parts of a refusal that say most. */
export function refusalOf(verdict: PresentedVerdict): { reason: string; at: string; found: string | undefined } {
  if (!('refused' in verdict)) throw new Error('accepted')
  const { reason, at, found } = verdict.refused
  return { reason, at, found }
}
