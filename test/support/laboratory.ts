import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startDirectoryServer, type DirectoryServer } from './directory-server.ts'
import { startIdentityServer, type IdentityServer } from './identity-server.ts'
import {
  brazilianSubject,
  mintAuthority,
  mintClientCertificate,
  mintServerCertificate,
  presentedChainPem,
  type KeyType,
  type MintedAuthority,
  type MintOptions,
} from './mint-certificates.ts'
import { mintCrl } from './mint-crl.ts'
import type { BrazilianIdentity } from './mint-subject.ts'
import type { RegistrantIdentity } from './registrant.ts'
import { brazilianClaims, createStatementSigner, type StatementSigner } from './sign-statement.ts'

export const SOFTWARE: BrazilianIdentity = {
  softwareId: '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11',
  organisationId: '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44',
}
export const OTHER_SOFTWARE: BrazilianIdentity = {
  softwareId: '9a8b7c6d-1111-4222-8333-444455556666',
  organisationId: '0f0e6c1a-1111-4a4a-9d9d-123456789abc',
  commonName: 'mtls.outra.example.com.br',
  organisationName: 'Outra Pagamentos SA',
}
export const INITIAL_ACCESS_TOKEN = 'known-to-gateway-and-identity-server-only'

/** Everything around a gateway, all of it real: certificate authorities, an identity server, a directory, registrants, a settings file. */
export interface Laboratory {
  readonly folder: string
  readonly configFile: string
  readonly clientIssuer: MintedAuthority
  readonly clientRoot: MintedAuthority
  readonly identityServer: IdentityServer
  readonly directory: DirectoryServer
  /** Signs as the directory does. */
  readonly signer: StatementSigner
  /** A registrant with a certificate of the trusted issuer. */
  readonly registrant: (identity: BrazilianIdentity, options?: MintOptions) => Promise<RegistrantIdentity>
  /** A registrant without certificate. */
  readonly nobody: RegistrantIdentity
  /** The settings as data, for variations. */
  readonly settings: Record<string, unknown>
  readonly environment: Readonly<Record<string, string>>
  readonly writeSettings: (settings: Readonly<Record<string, unknown>>) => Promise<void>
  readonly stop: () => Promise<void>
}

export interface LaboratoryOptions {
  readonly keyType?: KeyType
  readonly policies: string
  /** 0 for any free port. */
  readonly port?: number
  readonly publicPort?: number
}

/** Mints, starts and writes all of it into a temporary folder. */
export async function openLaboratory(options: LaboratoryOptions): Promise<Laboratory> {
  const folder = await mkdtemp(join(tmpdir(), 'dcr-gateway-'))
  const clientRoot = await mintAuthority({
    keyType: options.keyType ?? 'ec',
    subject: [
      ['C', 'BR'],
      ['O', 'Sandbox'],
      ['CN', 'Sandbox Root CA'],
    ],
  })
  const clientIssuer = await mintAuthority({
    keyType: options.keyType ?? 'ec',
    issuer: clientRoot,
    pathLength: 0,
    subject: [
      ['C', 'BR'],
      ['O', 'Sandbox'],
      ['CN', 'Sandbox Issuing CA'],
    ],
  })
  const infrastructure = await mintAuthority({ subject: [['CN', 'Bank Internal CA']] })
  const server = await mintServerCertificate(infrastructure)
  const gatewayClient = await mintClientCertificate(infrastructure, { subject: [['CN', 'dcr-gateway']] })
  const signer = await createStatementSigner({ kid: 'signer' })
  const identityServer = await startIdentityServer({
    certificate: server.pem,
    privateKey: server.privateKeyPem,
    clientCa: infrastructure.pem,
    initialAccessToken: INITIAL_ACCESS_TOKEN,
  })
  const directory = await startDirectoryServer({
    certificate: server.pem,
    privateKey: server.privateKeyPem,
    keys: [signer.jwk],
  })
  const files = {
    'server.pem': server.pem,
    'server.key': server.privateKeyPem,
    'sealing.key': randomBytes(32).toString('hex'),
    'internal-ca.pem': infrastructure.pem,
    'gateway-client.pem': gatewayClient.pem,
    'gateway-client.key': gatewayClient.privateKeyPem,
    'trust/sandbox/roots/root.pem': clientRoot.pem,
    'trust/sandbox/intermediates/issuing.pem': clientIssuer.pem,
    'trust/sandbox/crls/root.crl': emptyCrl(clientRoot),
    'trust/sandbox/crls/issuing.crl': emptyCrl(clientIssuer),
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const port = options.port ?? 0
  const settings = buildSettings({
    port,
    publicPort: options.publicPort ?? port,
    policies: options.policies,
    identityServer,
    directory,
  })
  const configFile = join(folder, 'gateway.yaml')
  const writeSettings = (changed: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(configFile, stringify(changed))
  await writeSettings(settings)
  return {
    ...{ folder, configFile, clientIssuer, clientRoot, identityServer, directory, signer, settings, writeSettings },
    environment: { DCR_INITIAL_ACCESS_TOKEN: INITIAL_ACCESS_TOKEN },
    nobody: { certificate: null, privateKey: null, serverCa: infrastructure.pem },
    registrant: async (identity, minted = {}) => {
      const certificate = await mintClientCertificate(clientIssuer, { subject: brazilianSubject(identity), ...minted })
      return {
        certificate: presentedChainPem(certificate),
        privateKey: certificate.privateKeyPem,
        serverCa: infrastructure.pem,
      }
    },
    stop: async () => {
      await identityServer.stop()
      await directory.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Nobody is revoked, for a year to come. */
export function emptyCrl(authority: MintedAuthority): Buffer {
  return mintCrl(authority, {
    thisUpdate: new Date(Date.now() - HOUR_MS),
    nextUpdate: new Date(Date.now() + 365 * 24 * HOUR_MS),
  })
}

const HOUR_MS = 3_600_000

function buildSettings(parts: {
  port: number
  publicPort: number
  policies: string
  identityServer: IdentityServer
  directory: DirectoryServer
}): Record<string, unknown> {
  return {
    listen: {
      host: '127.0.0.1',
      port: parts.port,
      publicUrl: `https://127.0.0.1:${parts.publicPort === 0 ? 8443 : parts.publicPort}`,
    },
    tls: { certificateFile: 'server.pem', privateKeyFile: 'server.key' },
    trust: { sandbox: 'trust/sandbox' },
    sealing: { keys: [{ id: 'test', secret: { file: 'sealing.key' } }] },
    directories: {
      demo: {
        issuers: ['Open Banking Open Banking Brasil sandbox SSA issuer'],
        jwksUri: parts.directory.jwksUri,
        caFile: 'internal-ca.pem',
      },
    },
    upstream: {
      registrationUrl: parts.identityServer.registrationUrl,
      caFile: 'internal-ca.pem',
      clientCertificateFile: 'gateway-client.pem',
      clientPrivateKeyFile: 'gateway-client.key',
      initialAccessToken: { env: 'DCR_INITIAL_ACCESS_TOKEN' },
    },
    policies: { folder: parts.policies },
    endpoints: [{ path: '/register', policy: 'open-finance-brasil', trustedIssuers: 'sandbox', directories: ['demo'] }],
    audit: { file: 'audit.jsonl' },
    operations: { host: '127.0.0.1', port: 0 },
    log: { level: 'info' },
  }
}

/** A good registration for the software, signed now unless told otherwise. */
export function goodRegistration(
  laboratory: Laboratory,
  identity: BrazilianIdentity,
  now: Date,
  changes: { readonly metadata?: Record<string, unknown>; readonly claims?: Record<string, unknown> } = {},
): Record<string, unknown> {
  const claims = brazilianClaims(now, {
    software_id: identity.softwareId,
    org_id: identity.organisationId,
    ...changes.claims,
  })
  return {
    application_type: 'web',
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    response_types: ['code id_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_encrypted_response_alg: 'RSA-OAEP',
    request_object_signing_alg: 'PS256',
    require_signed_request_object: true,
    scope: 'openid accounts resources',
    redirect_uris: ['https://ipe.example.com.br/cb'],
    software_statement: laboratory.signer.sign(claims),
    ...changes.metadata,
  }
}
