import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { startDirectoryServer, type DirectoryServer } from '../support/directory-server.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'
import { createStatementSigner, type StatementSigner } from '../support/sign-statement.ts'
import { seconds } from '../support/signed-laboratory.ts'

/** Regimes of one path by whether a create must, may or must not be signed; an update may be at all of them. */
const MODES = { must: 'required', may: 'optional', never: 'forbidden' } as const
type Regime = keyof typeof MODES

const policyOf = (regime: Regime): string => `apiVersion: dcr-gateway/v1
name: ${regime}
version: "1"
title: Creates are signed, or not
source: A test
softwareStatement:
  create: required
  update: required
  algorithms: [PS256]
  directories: { ${regime}: { issuers: [${regime}], jwksFile: directory.jwks } }
  claims: { software_jwks_endpoint: string }
signedRequest:
  create: ${MODES[regime]}
  update: optional
  contentTypes: [application/jose]
  algorithms: [PS256]
  keys: { uri: statement.software_jwks_endpoint, hosts: any }
  expiry: optional
members:
  redirect_uris: list(string)
  token_endpoint_auth_method: string
  grant_types: list(string)
  response_types: list(string)
  id_token_signed_response_alg: string
  jwks_uri: string
`

let laboratory: Laboratory
let directory: StatementSigner
let software: StatementSigner
let keystore: DirectoryServer
let tpp: RegistrantIdentity
let gateway: RunningGateway

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  directory = await createStatementSigner({ kid: 'directory', keyLabel: 'directory of modes' })
  software = await createStatementSigner({ kid: 'software', keyLabel: 'software of modes' })
  const [certificate = '', privateKey = ''] = await Promise.all(
    ['server.pem', 'server.key'].map((name) => readFile(join(laboratory.folder, name), 'utf8')),
  )
  keystore = await startDirectoryServer({ certificate, privateKey, keys: [software.jwk] })
  for (const regime of Object.keys(MODES) as readonly Regime[]) {
    const folder = join(laboratory.folder, 'policies', regime)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'policy.yaml'), policyOf(regime))
    await writeFile(join(folder, 'directory.jwks'), JSON.stringify({ keys: [directory.jwk] }))
  }
  tpp = await laboratory.registrant(SOFTWARE)
})
afterEach(() => gateway.stop())
afterAll(async () => {
  await keystore.stop()
  await laboratory.stop()
})

async function start(regimes: readonly Regime[]): Promise<void> {
  await laboratory.writeSettings({
    ...laboratory.settings,
    ...{ policies: { folder: join(laboratory.folder, 'policies') }, directories: {} },
    softwareKeys: { hosts: ['127.0.0.1'], allowPrivateAddresses: true, caFile: 'internal-ca.pem' },
    endpoints: regimes.map((regime) => ({
      ...{ name: regime, path: '/register', policy: regime, trustedIssuers: 'sandbox', directories: [regime] },
      ...{ operations: ['create', 'update'], sharesClients: true },
    })),
  })
  gateway = await startLaboratoryGateway(laboratory)
}

/** A create with a statement of one of the regimes. */
function send(regime: Regime, how: 'signed' | 'unsigned'): Promise<RegistrantAnswer> {
  const iat = seconds()
  const payload = {
    ...{ redirect_uris: ['https://tpp.example/cb'], grant_types: ['authorization_code'], response_types: ['code'] },
    ...{
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'PS256',
      jwks_uri: keystore.jwksUri,
    },
    software_statement: directory.sign({ iss: regime, iat, software_jwks_endpoint: keystore.jwksUri }),
  }
  const url = `https://127.0.0.1:${gateway.port}/register`
  const [body, type] =
    how === 'signed'
      ? [software.sign({ ...payload, iat }), 'application/jose']
      : [JSON.stringify(payload), 'application/json']
  return sendAs(tpp, { method: 'POST', url, body, headers: { 'content-type': type } })
}

describe('endpoints at one path, some of which take what others do not', () => {
  const orders: readonly (readonly Regime[])[] = [
    ['must', 'may', 'never'],
    ['never', 'may', 'must'],
    ['may', 'never'],
    ['must', 'never'],
  ]
  const LEGITIMATE = { must: ['signed'], may: ['signed', 'unsigned'], never: ['unsigned'] } as const

  it.each(orders.map((order) => [order.join(', '), order] as const))(
    'grant what is meant for each of them, whatever their order: %s',
    async (_names, order) => {
      await start(order)
      for (const regime of order) {
        for (const how of LEGITIMATE[regime]) {
          const answer = await send(regime, how)
          expect(answer.status, `${how} for ${regime}: ${answer.text}`).toBe(201)
          expect((await readAudit(laboratory)).at(-1)).toMatchObject({ endpoint: regime, decision: 'granted' })
        }
      }
    },
  )

  it.each<[Regime, 'signed' | 'unsigned', string, readonly Regime[]]>([
    // Those that take it so are asked, and have another directory.
    ['never', 'signed', 'statement-issuer-untrusted', ['may', 'never']],
    ['must', 'unsigned', 'statement-issuer-untrusted', ['must', 'may']],
    // Nobody takes it so.
    ['never', 'signed', 'request-signature-forbidden', ['never']],
    ['must', 'unsigned', 'request-unsigned', ['must']],
  ])('refuse what is not: for %s, %s (%s of %j)', async (regime, how, reason, order) => {
    for (const endpoints of [order, order.toReversed()]) {
      await start(endpoints)
      const answer = await send(regime, how)
      expect(answer.status).toBe(400)
      expect((await readAudit(laboratory)).at(-1)).toMatchObject({ reason })
      if (endpoints === order) await gateway.stop()
    }
  })
})
