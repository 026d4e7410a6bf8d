import { explainClient, type ClientExplanation } from '../../../src/certificate/explain-client.ts'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../src/certificate/parse/parsed-certificate.ts'
import { parseCrl } from '../../../src/certificate/revocation/crl/parse-crl.ts'
import { openRevocation } from '../../../src/certificate/revocation/open-revocation.ts'
import { DEFAULT_GATE_LIMITS, FetchGate } from '../../../src/certificate/revocation/store/fetch-gate.ts'
import { USUAL_TRUST_SETTINGS } from '../../../src/certificate/trust/trust-settings-schema.ts'
import {
  buildTrustStore,
  type RevocationHoldings,
  type TrustStore,
} from '../../../src/certificate/trust/trust-store.ts'
import type { CertificateDemand } from '../../../src/model/policy.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type MintedAuthority,
  type MintedCertificate,
  type MintOptions,
} from '../../support/mint-certificates.ts'
import { A_CERTIFICATE } from './chain-fixture.ts'

/** CRLs hold from 2026-01-02 until 2026-02-01, certificates for the year. */
export const NOW = new Date('2026-01-15T12:00:00Z')
export const LIFE = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') }

export const root = await mintAuthority({ ...LIFE, subject: [['CN', 'Root']], serialNumber: '01' })
export const issuing = await mintAuthority({ ...LIFE, subject: [['CN', 'Issuing']], issuer: root, serialNumber: '02' })

export const mintClient = (options: MintOptions = {}, by: MintedAuthority = issuing): Promise<MintedCertificate> =>
  mintClientCertificate(by, { ...LIFE, serialNumber: '1234', ...options })

export const parsed = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)
export const thumbprintOf = (certificate: MintedCertificate): string => parsed(certificate).facts.thumbprint
export const sha256Of = (certificate: MintedCertificate): string =>
  Buffer.from(thumbprintOf(certificate), 'base64url').toString('hex')

export const ASKING_CRLS: CertificateDemand = {
  ...A_CERTIFICATE,
  revocation: { check: ['crl'], unknown: 'refuse', lastGoodHoldsSeconds: 0, issuers: [] },
}

/** Trusts the root, and holds these CRLs. */
export function trustWithCrls(crls: readonly Buffer[], held: Partial<RevocationHoldings> = {}): TrustStore {
  const usual = { crls: crls.map((crl) => parseCrl(crl)), responders: [], settings: USUAL_TRUST_SETTINGS }
  return buildTrustStore('example', [parsed(root)], [], { ...usual, ...held })
}

export interface Asked {
  readonly trust?: TrustStore
  readonly demand?: CertificateDemand
  readonly presentedLimit?: number
  readonly presented?: readonly Buffer[]
}

/** What is explained without a network, by what the trust folder holds. */
export function explain(of: MintedCertificate, asked: Asked = {}): Promise<ClientExplanation> {
  const { trust = trustWithCrls([]), demand = A_CERTIFICATE, presentedLimit = 10 } = asked
  const [own = of.der, ...others] = asked.presented ?? presentedChain(of)
  const clock = { now: () => NOW, elapsedMs: () => 0 }
  const onEvent = (): void => undefined
  const gate = new FetchGate(DEFAULT_GATE_LIMITS, clock, onEvent)
  const opened = openRevocation({ trust: () => trust, gate, clock, folder: null, onEvent, isOffline: true })
  const revocation = opened.withLocal(trust.crls)
  return explainClient({ presented: [own, ...others], trust, demand, presentedLimit, revocation, now: NOW })
}
