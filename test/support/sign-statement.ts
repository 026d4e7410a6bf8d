import { constants, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto'
import { mintKey, type KeyType } from './mint-keys.ts'

export type SigningAlgorithm =
  'PS256' | 'PS384' | 'PS512' | 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

export interface StatementSignerOptions {
  readonly alg?: SigningAlgorithm
  /** `signer` when absent, as in the examples of Open Finance Brasil. */
  readonly kid?: string
  /** Where it is not the usual key for the algorithm. */
  readonly keyType?: KeyType
  /** Signers with the same label and type of key have the same key within a process; a fresh one when absent. */
  readonly keyLabel?: string
  /** A key that somebody else made, such as that of a certificate. */
  readonly privateKey?: KeyObject
}

export interface StatementSigner {
  /** As a directory publishes it. */
  readonly jwk: Readonly<JsonWebKey>
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** A compact JWS; an undefined value in `header` takes that member away. The signature is by the signer's algorithm whatever `alg` says. */
  readonly sign: (claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>) => string
  /** Signs exactly these texts, for headers and payloads that no JSON writer would make. */
  readonly signText: (header: string, payload: string) => string
}

/** A directory's signing key. It signs with node:crypto, so that the library under test does not judge its own work. */
export async function createStatementSigner(options: StatementSignerOptions = {}): Promise<StatementSigner> {
  const { alg = 'PS256', kid = 'signer' } = options
  const privateKey = options.privateKey ?? (await mintKey(options.keyType ?? usualKeyType(alg), options.keyLabel))
  const publicKey = createPublicKey(privateKey)
  const signText = (header: string, payload: string): string => {
    const input = `${encode(header)}.${encode(payload)}`
    return `${input}.${signBytes(alg, privateKey, Buffer.from(input)).toString('base64url')}`
  }
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    privateKey,
    publicKey,
    signText,
    sign: (claims, header) => signText(JSON.stringify({ alg, typ: 'JWT', kid, ...header }), JSON.stringify(claims)),
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function usualKeyType(alg: SigningAlgorithm): KeyType {
  if (alg === 'ES256') return 'ec'
  if (alg === 'ES384') return 'ec-p384'
  if (alg === 'ES512') return 'ec-p521'
  return alg === 'EdDSA' ? 'ed25519' : 'rsa'
}

function signBytes(alg: SigningAlgorithm, key: KeyObject, bytes: Buffer): Buffer {
  if (alg === 'EdDSA') return sign(null, bytes, key)
  const hash = `sha${alg.slice(2)}`
  if (alg.startsWith('ES')) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' })
  if (alg.startsWith('RS')) return sign(hash, bytes, key)
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants
  return sign(hash, bytes, { key, padding, saltLength })
}

export const EXAMPLE_ISSUER = 'Open Banking Open Banking Brasil sandbox SSA issuer'
export const EXAMPLE_SOFTWARE_ID = '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11'
export const EXAMPLE_ORGANISATION_ID = '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44'

const KEYSTORE = `https://keystore.sandbox.directory.openbankingbrasil.org.br/${EXAMPLE_ORGANISATION_ID}/${EXAMPLE_SOFTWARE_ID}`

/** All claims of a software statement of Open Finance Brasil, issued just now; an undefined value in `changes` takes a claim away. */
export function brazilianClaims(
  now: Date,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    iss: EXAMPLE_ISSUER,
    iat: Math.floor(now.getTime() / 1000),
    ...softwareClaims(),
    ...organisationClaims(),
    ...changes,
  }
}

function softwareClaims(): Record<string, unknown> {
  return {
    software_mode: 'Live',
    software_environment: 'sandbox',
    software_id: EXAMPLE_SOFTWARE_ID,
    software_client_id: EXAMPLE_SOFTWARE_ID,
    software_client_name: 'Ipe Contas',
    software_client_description: 'Agregador de contas',
    software_client_uri: 'https://ipe.example.com.br',
    software_logo_uri: 'https://ipe.example.com.br/logo.png',
    software_policy_uri: 'https://ipe.example.com.br/privacidade',
    software_tos_uri: 'https://ipe.example.com.br/termos',
    software_version: '1.1',
    software_redirect_uris: ['https://ipe.example.com.br/cb', 'https://ipe.example.com.br/cb?canal=app'],
    software_origin_uris: ['https://ipe.example.com.br'],
    origin: ['https://ipe.example.com.br'],
    software_api_webhook_uris: ['https://webhook.ipe.example.com.br/base'],
    software_roles: ['DADOS', 'PAGTO'],
    software_statement_roles: ['DADOS', 'PAGTO'].map((role) => ({
      role,
      authorisation_domain: 'Open Banking',
      status: 'Active',
    })),
    software_jwks_uri: `${KEYSTORE}/application.jwks`,
    software_jwks_inactive_uri: `${KEYSTORE}/inactive/application.jwks`,
    software_jwks_transport_uri: `${KEYSTORE}/transport.jwks`,
    software_jwks_transport_inactive_uri: `${KEYSTORE}/inactive/transport.jwks`,
  }
}

function organisationClaims(): Record<string, unknown> {
  return {
    org_id: EXAMPLE_ORGANISATION_ID,
    org_name: 'Banco Ipe SA',
    org_number: '11222333000181',
    org_status: 'Active',
    organisation_competent_authority_claims: ['DADOS', 'PAGTO'].map((role) => ({
      authority_id: '0f0e6c1a-1111-4a4a-9d9d-123456789abc',
      authority_name: 'Banco Central',
      authority_code: 'BCB',
      authorisation_domain: 'Open Banking',
      authorisation_role: role,
      authorisations: [],
      registration_id: `11222333-OBB-${role}`,
      status: 'Active',
    })),
  }
}
