import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureVersion } from 'node:tls'
import type { Configuration } from 'oidc-provider'

export interface IdentityServerOptions {
  readonly certificate: string
  readonly privateKey: string
  /** Issuers of the gateway's client certificate: whoever comes without one is turned away at the handshake. */
  readonly clientCa: string
  readonly initialAccessToken: string
  readonly port?: number
  /** Its own store in memory when absent. */
  readonly adapter?: NonNullable<Configuration['adapter']>
  /** Members of client metadata that it keeps besides those it knows. */
  readonly extraMembers?: readonly string[]
  /** A fresh one when absent. */
  readonly signingKey?: JsonWebKey
  readonly maxVersion?: SecureVersion
}

/** A request as the identity server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly rawHeaders: readonly string[]
}

export interface IdentityServer {
  readonly registrationUrl: string
  readonly seen: readonly SeenRequest[]
  /** Whether it gives a client another registration access token when it is updated; may be switched. */
  rotatesTokens: boolean
  readonly stop: () => Promise<void>
}

const SCOPES = [
  'openid',
  'accounts',
  'credit-cards-accounts',
  'consents',
  'customers',
  'resources',
  'payments',
  'loans',
  'financings',
  'fundsconfirmations',
  'aisp',
  'extended_transaction_history',
  'pisp',
]

/** `oidc-provider`, an identity server that knows nothing of the gateway, over mTLS with registration and its management switched on. */
export async function startIdentityServer(options: IdentityServerOptions): Promise<IdentityServer> {
  const seen: SeenRequest[] = []
  const identityServer = { rotatesTokens: false }
  const server = createServer({
    cert: options.certificate,
    key: options.privateKey,
    ca: options.clientCa,
    requestCert: true,
    rejectUnauthorized: true,
    ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = await quietly(async () => {
    const { default: Provider } = await import('oidc-provider')
    return new Provider(
      origin,
      configuration(options, () => identityServer.rotatesTokens),
    )
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers, rawHeaders: request.rawHeaders })
    void answer(request, response)
  })
  return Object.assign(identityServer, { registrationUrl: `${origin}/reg`, seen, stop: () => close(server) })
}

function configuration(
  { initialAccessToken, adapter, extraMembers = [], ...options }: IdentityServerOptions,
  rotatesTokens: () => boolean,
): Configuration {
  const signingKey = options.signingKey ?? mintSigningKey()
  return {
    ...(adapter === undefined ? {} : { adapter }),
    jwks: { keys: [{ ...signingKey, use: 'sig', kid: 'idp' }] },
    cookies: { keys: ['not used by registration'] },
    scopes: SCOPES,
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth', 'client_secret_basic'],
    responseTypes: ['code id_token', 'code', 'id_token'],
    enabledJWA: {
      idTokenSigningAlgValues: ['PS256'],
      idTokenEncryptionAlgValues: ['RSA-OAEP'],
      idTokenEncryptionEncValues: ['A256GCM'],
      requestObjectSigningAlgValues: ['PS256'],
      requestObjectEncryptionAlgValues: ['RSA-OAEP'],
      requestObjectEncryptionEncValues: ['A256GCM'],
      clientAuthSigningAlgValues: ['PS256'],
    },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    extraClientMetadata: {
      properties: ['software_id', 'software_version', 'client_description', 'webhook_uris', ...extraMembers],
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      encryption: { enabled: true },
      requestObjects: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        // Registration asks for no certificate; the method is offered so that clients may register it.
        getCertificate: () => undefined,
        certificateAuthorized: () => true,
        certificateSubjectMatches: () => true,
      },
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: rotatesTokens },
    },
  }
}

/** What it signs with; slow to make. */
export function mintSigningKey(): JsonWebKey {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
}

/** The library greets with warnings about its in-memory store and this Node version, which say nothing about the gateway. */
async function quietly<T>(build: () => Promise<T>): Promise<T> {
  const { warn, info } = console
  console.warn = console.info = () => undefined
  try {
    return await build()
  } finally {
    Object.assign(console, { warn, info })
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
