import { INITIAL_ACCESS_TOKEN } from '../../support/laboratory.ts'
import { MARKER_MEMBER } from './administration.ts'
import type { Store } from './stores/store.ts'

/** How the next attempt gets what the first one lost: the same answer, or a new client in place of the orphan. */
export type Recovery = 'replay' | 'rollback'

/** The longest that the identity server may take; stalled connections hang for longer. */
export const UPSTREAM_TIMEOUT_MS = 2_000
/** How long a registration keeps others out when its gateway dies. */
export const LEASE_MS = 4_000
export const SWEEP_INTERVAL_MS = 500

export const ADMINISTRATION_TOKEN = 'known-to-gateway-and-administration-only'
export const POLICY_NAME = 'faults'

/** Open Finance Brasil, and a statement is good for one client alone. */
export const POLICY = `
apiVersion: dcr-gateway/v1
name: ${POLICY_NAME}
version: "1"
title: Open Finance Brasil with statements that are used up
source: A test
extends: [open-finance-brasil]
softwareStatement: { claims: { jti: string } }
once: [{ id: statement-used-once, key: statement.jti, holdsSeconds: 600, message: the statement was used before }]
`

export interface GatewayPlace {
  readonly port: number
  readonly publicUrl: string
  /** As this gateway reaches them. */
  readonly upstreamPort: number
  readonly store: ReturnType<Store['place']>
  readonly administrationPort: number
  readonly directoryUri: string
  readonly recovery: Recovery
  readonly auditFile: string
}

export function environmentOf({ store }: GatewayPlace): Readonly<Record<string, string>> {
  return {
    DCR_INITIAL_ACCESS_TOKEN: INITIAL_ACCESS_TOKEN,
    DCR_ADMINISTRATION_TOKEN: ADMINISTRATION_TOKEN,
    ...store.environment,
    DCR_SEALING_KEY: '5e'.repeat(32),
  }
}

/** The gateway.yaml of one gateway process, as data. */
export function gatewaySettings(place: GatewayPlace): Record<string, unknown> {
  const administration = `https://127.0.0.1:${place.administrationPort}/clients`
  const always = { requests: 1_000_000, windowMs: 60_000 }
  return {
    listen: { host: '127.0.0.1', port: place.port, publicUrl: place.publicUrl },
    tls: { certificateFile: 'server.pem', privateKeyFile: 'server.key' },
    trust: { sandbox: 'trust/sandbox' },
    directories: {
      demo: {
        issuers: ['Open Banking Open Banking Brasil sandbox SSA issuer'],
        jwksUri: place.directoryUri,
        caFile: 'internal-ca.pem',
      },
    },
    upstream: {
      registrationUrl: `https://127.0.0.1:${place.upstreamPort}/reg`,
      caFile: 'internal-ca.pem',
      clientCertificateFile: 'gateway-client.pem',
      clientPrivateKeyFile: 'gateway-client.key',
      initialAccessToken: { env: 'DCR_INITIAL_ACCESS_TOKEN' },
      timeoutMs: UPSTREAM_TIMEOUT_MS,
      management: 'forward',
      administration: {
        searchUrl: `${administration}?marker={mark}`,
        removeUrl: `${administration}/{client_id}`,
        lookUpUrl: `${administration}/{client_id}`,
        token: { env: 'DCR_ADMINISTRATION_TOKEN' },
        markMember: MARKER_MEMBER,
      },
    },
    policies: { folder: 'policies' },
    endpoints: [{ path: '/register', policy: POLICY_NAME, trustedIssuers: 'sandbox', directories: ['demo'] }],
    state: {
      kind: 'redis',
      ...place.store.state,
      reservationTtlMs: LEASE_MS,
      commandTimeoutMs: 800,
      connectTimeoutMs: 800,
      recovery: place.recovery,
      sweepIntervalMs: SWEEP_INTERVAL_MS,
    },
    sealing: { keys: [{ id: 'test', secret: { env: 'DCR_SEALING_KEY' } }] },
    // All registrants come from one address.
    rates: { perAddress: always, perCertificate: always, perOwner: always },
    audit: { file: place.auditFile },
    operations: { host: '127.0.0.1', port: 0 },
    log: { level: 'info' },
  }
}
