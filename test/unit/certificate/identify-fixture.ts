import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
import type { TrustStore } from '../../../src/certificate/trust/trust-store.ts'
import type { Peer } from '../../../src/model/arrival.ts'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import { A_CERTIFICATE, nobodyToAsk } from './chain-fixture.ts'

export const NOW = new Date('2026-11-23T12:00:00Z')
export const at = (iso: string): Date => new Date(iso)
export const years = { notBefore: at('2020-01-01T00:00:00Z'), notAfter: at('2040-01-01T00:00:00Z') }

export const peerOf = (presented: readonly Buffer[]): Peer => ({
  address: '192.0.2.1',
  tlsVersion: 'TLSv1.3',
  serverName: null,
  presented,
  openssl: null,
})

export type Identify = (peer: Peer, now: Date) => Promise<VerifiedClient | null>

/** The stage for a policy that asks for a certificate alone; OpenSSL is not heard. */
export function identification(trust: TrustStore, required = true, presentedLimit = 4): Identify {
  return createClientIdentification({
    ...{ demand: { ...A_CERTIFICATE, required }, trust: () => trust, presentedLimit },
    ...{ trustEdition: () => null, soleTrust: true, onDisagreement: () => undefined, revocation: nobodyToAsk },
  })
}

export async function findingOf(act: () => Promise<unknown>): Promise<Finding> {
  try {
    await act()
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0]
    throw failure
  }
  throw new Error('accepted')
}

export const reasonOf = async (act: () => Promise<unknown>): Promise<string> => (await findingOf(act)).reason
