import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mintSigningKey } from '../../support/identity-server.ts'
import { mintAuthority, mintClientCertificate, mintServerCertificate } from '../../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../../support/registrant.ts'
import { findPorts } from './find-ports.ts'
import type { IdentityServerTask } from './identity-server-process.ts'
import { launchIdentityServer } from './launch-identity-server.ts'

let folder: string
let task: IdentityServerTask
let identity: RegistrantIdentity
let running: ChildProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-server-'))
  const authority = await mintAuthority()
  const server = await mintServerCertificate(authority)
  const gateway = await mintClientCertificate(authority)
  identity = { certificate: gateway.pem, privateKey: gateway.privateKeyPem, serverCa: authority.pem }
  const [port = 0, administrationPort = 0] = await findPorts(2)
  task = {
    ...{ certificate: server.pem, privateKey: server.privateKeyPem, clientCa: authority.pem, port, administrationPort },
    ...{ initialAccessToken: 'initial', administrationToken: 'bank', signingKey: mintSigningKey() },
    storeFile: join(folder, 'clients.jsonl'),
  }
  running = await launchIdentityServer(folder, task)
})
afterAll(async () => {
  await kill()
  await rm(folder, { recursive: true })
})

async function kill(): Promise<void> {
  const gone = once(running, 'exit')
  running.kill('SIGKILL')
  await gone
}

const ask = (port: number, method: string, path: string, token: string, body?: object): Promise<RegistrantAnswer> =>
  sendAs(identity, {
    ...{ method, url: `https://127.0.0.1:${port}${path}`, headers: { authorization: `Bearer ${token}` } },
    ...(body === undefined ? {} : { body }),
  })

const administer = (method: string, path: string, token = 'bank'): Promise<RegistrantAnswer> =>
  ask(task.administrationPort, method, path, token)

async function idsOf(path: string): Promise<readonly unknown[]> {
  const clients = JSON.parse((await administer('GET', path)).text) as { client_id: string }[]
  return clients.map(({ client_id }) => client_id)
}

it('is managed, found by marker and removed after a kill like before it', async () => {
  const redirect_uris = ['https://ipe.example.com.br/cb']
  const members = { redirect_uris, response_types: ['code'], id_token_signed_response_alg: 'PS256' }
  const register = (marker: string): Promise<RegistrantAnswer> =>
    ask(task.port, 'POST', '/reg', 'initial', { ...members, dcr_registration: marker })
  const granted = await register('r1')
  expect(granted.status, granted.text).toBe(201)
  const { client_id: first, registration_access_token: token } = granted.body
  const { client_id: second } = (await register('r2')).body
  await kill()
  running = await launchIdentityServer(folder, task)

  expect(await idsOf('/clients')).toEqual([first, second])
  expect(await idsOf('/clients?marker=r2')).toEqual([second])
  expect((await ask(task.port, 'GET', `/reg/${String(first)}`, String(token))).status).toBe(200)

  expect((await administer('GET', `/clients/${String(first)}`)).status).toBe(200)
  expect((await administer('DELETE', `/clients/${String(first)}`)).status).toBe(204)
  expect((await administer('GET', `/clients/${String(first)}`)).status).toBe(404)
  expect((await administer('DELETE', `/clients/${String(first)}`)).status).toBe(404)
  expect((await ask(task.port, 'GET', `/reg/${String(first)}`, String(token))).status).toBe(401)
  expect(await idsOf('/clients')).toEqual([second])
})

it('lets nobody in without the token of its administration', async () => {
  expect((await administer('GET', '/clients', 'guessed')).status).toBe(401)
})
