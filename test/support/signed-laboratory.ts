import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningGateway } from '../../src/gateway.ts'
import { startDirectoryServer, type DirectoryServer } from './directory-server.ts'
import { startLaboratoryGateway } from './gateway.ts'
import { openLaboratory, SOFTWARE, type Laboratory } from './laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from './registrant.ts'
import { createStatementSigner, type StatementSigner } from './sign-statement.ts'

export const ISSUER = 'OpenBanking Ltd'
const POLICY = `apiVersion: dcr-gateway/v1
name: signed
version: "1"
title: Registrations that software signs itself
source: A test
parameters:
  audiences: { type: list(string), default: [bank-1], meaning: names of this bank }
  keyHosts: { type: list(string), default: [127.0.0.1], meaning: where keys of software are }
softwareStatement:
  create: required
  update: required
  algorithms: [PS256]
  maxAgeSeconds: 300
  directories:
    obie: { issuers: [${ISSUER}], jwksFile: keys/obie.jwks }
  claims: { software_id: string, software_jwks_endpoint: string }
signedRequest:
  create: required
  update: optional
  contentTypes: [application/jose, application/jwt]
  algorithms: [PS256]
  types: [JWT]
  keys: { uri: statement.software_jwks_endpoint, hosts: parameters.keyHosts }
  audience: parameters.audiences
  maxAgeSeconds: 300
  maxLifetimeSeconds: 600
  claims: { iss: string, jti: string }
members:
  redirect_uris: list(string)
  token_endpoint_auth_method: string
  grant_types: list(string)
  response_types: list(string)
  id_token_signed_response_alg: string
  jwks_uri: string
unknownMembers: refuse
effects:
  - default: { jwks_uri: statement.software_jwks_endpoint }
rules:
  - id: signed-by-the-software
    title: iss is the software
    when: request.isSigned
    require: request.claims.iss == statement.software_id && request.header.alg == "PS256" && statementIssuer == "obie"
    message: iss must be the software
headers:
  X-Request-Id: request.claims.?jti
  X-Request-Type: request.contentType
`

export type Members = Readonly<Record<string, unknown>>

/** A laboratory whose registrants sign their requests, and the servers that publish their keys. */
export interface SignedLaboratory {
  readonly laboratory: Laboratory
  readonly gateway: RunningGateway
  readonly tpp: RegistrantIdentity
  readonly directory: StatementSigner
  readonly software: StatementSigner
  /** Published beside the key of the software, but for encryption. */
  readonly sealed: StatementSigner
  readonly other: StatementSigner
  readonly keystore: DirectoryServer
  readonly foreignKeystore: DirectoryServer
  /** A statement about the software, issued now. */
  readonly statement: (changes?: Members) => string
  /** What the software would sign now. */
  readonly payload: (changes?: Members) => Members
  readonly send: (body: string | Buffer, contentType?: string) => Promise<RegistrantAnswer>
  readonly stop: () => Promise<void>
}

export const seconds = (): number => Math.floor(Date.now() / 1000)

export async function openSignedLaboratory(): Promise<SignedLaboratory> {
  const laboratory = await openLaboratory({ policies: 'policies' })
  const signer = (kid: string): Promise<StatementSigner> =>
    createStatementSigner({ kid, keyLabel: `${kid} that signs` })
  const directory = await signer('directory')
  const software = await signer('software')
  const sealed = await signer('sealed')
  const other = await signer('other')
  const [certificate = '', privateKey = ''] = await Promise.all(
    ['server.pem', 'server.key'].map((name) => readFile(join(laboratory.folder, name), 'utf8')),
  )
  const keys = [software.jwk, { ...sealed.jwk, use: 'enc' }]
  const keystore = await startDirectoryServer({ certificate, privateKey, keys })
  const foreignKeystore = await startDirectoryServer({ certificate, privateKey, keys: [other.jwk] })
  await writePolicy(laboratory, directory)
  const gateway = await startLaboratoryGateway(laboratory)
  const tpp = await laboratory.registrant(SOFTWARE)
  const url = `https://127.0.0.1:${gateway.port}/register`
  const statement: SignedLaboratory['statement'] = (changes) =>
    directory.sign({ ...statementClaims(), software_jwks_endpoint: keystore.jwksUri, ...changes })
  return {
    ...{ laboratory, gateway, tpp, directory, software, sealed, other, keystore, foreignKeystore, statement },
    payload: (changes) => ({ ...requestClaims(), ...METADATA, software_statement: statement(), ...changes }),
    send: (body, contentType = 'application/jose') =>
      sendAs(tpp, { method: 'POST', url, body, headers: { 'content-type': contentType } }),
    stop: async () => {
      await gateway.stop()
      await keystore.stop()
      await foreignKeystore.stop()
      await laboratory.stop()
    },
  }
}

async function writePolicy(laboratory: Laboratory, directory: StatementSigner): Promise<void> {
  await mkdir(join(laboratory.folder, 'policies/signed/keys'), { recursive: true })
  await writeFile(join(laboratory.folder, 'policies/signed/policy.yaml'), POLICY)
  await writeFile(join(laboratory.folder, 'policies/signed/keys/obie.jwks'), JSON.stringify({ keys: [directory.jwk] }))
  await laboratory.writeSettings({
    ...laboratory.settings,
    policies: { folder: join(laboratory.folder, 'policies') },
    directories: {},
    softwareKeys: { hosts: ['127.0.0.1'], allowPrivateAddresses: true, caFile: 'internal-ca.pem' },
    endpoints: [{ path: '/register', policy: 'signed', trustedIssuers: 'sandbox', directories: ['obie'] }],
  })
}

const statementClaims = () => ({ iss: ISSUER, iat: seconds(), jti: 's-1', software_id: 'sw-1' })
const requestClaims = () => ({ iss: 'sw-1', aud: 'bank-1', iat: seconds(), exp: seconds() + 300, jti: 'request-1' })

const METADATA = {
  redirect_uris: ['https://tpp.example/cb'],
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: 'PS256',
}
