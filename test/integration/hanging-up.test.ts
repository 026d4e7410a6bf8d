import { once } from 'node:events'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, OTHER_SOFTWARE, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantIdentity } from '../support/registrant.ts'

const REGIME = `
apiVersion: dcr-gateway/v1
name: regime
version: "1"
title: Each statement once
source: A test
extends: [open-finance-brasil]
softwareStatement: { claims: { jti: string } }
once: [{ id: statement-used-once, key: statement.jti, holdsSeconds: 600, message: the statement was used before }]
`
const TIMEOUT_MS = 1_000
const RESERVATION_MS = 1_200

let laboratory: Laboratory
let gateway: RunningGateway
let tpp: RegistrantIdentity
let identityServer: Server
/** Requests that the identity server got, in order; each to be answered by the test. */
const asked: ServerResponse[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  const policies = join(laboratory.folder, 'policies')
  await cp(join(ROOT, 'policies'), policies, { recursive: true, filter: (path) => !/\.(?:md|json)$/.test(path) })
  await mkdir(join(policies, 'regime'))
  await writeFile(join(policies, 'regime/policy.yaml'), REGIME)
  identityServer = createServer((request, response) => {
    request.resume().on('end', () => asked.push(response))
  }).listen(0, '127.0.0.1')
  await once(identityServer, 'listening')
  const registrationUrl = `http://127.0.0.1:${(identityServer.address() as AddressInfo).port}/reg`
  await laboratory.writeSettings({
    ...laboratory.settings,
    state: { kind: 'memory', reservationTtlMs: RESERVATION_MS },
    upstream: { registrationUrl, timeoutMs: TIMEOUT_MS },
    endpoints: [{ path: '/register', policy: 'regime', trustedIssuers: 'sandbox', directories: ['demo'] }],
  })
  gateway = await startLaboratoryGateway(laboratory)
  tpp = await laboratory.registrant(SOFTWARE)
})

afterAll(async () => {
  await gateway.stop()
  identityServer.closeAllConnections()
  identityServer.close()
  await laboratory.stop()
})

const registration = (jti: string, software = SOFTWARE): string =>
  JSON.stringify(goodRegistration(laboratory, software, new Date(), { claims: { jti } }))

/** Sends a registration and goes away as soon as the identity server has it. */
async function hangUp(body: string, party = tpp): Promise<ServerResponse> {
  const before = asked.length
  const request = httpsRequest({
    ...{ host: '127.0.0.1', port: gateway.port, path: '/register', method: 'POST', ca: party.serverCa, agent: false },
    ...{ key: party.privateKey ?? '', cert: party.certificate ?? '', rejectUnauthorized: false },
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  })
  request.on('error', () => undefined)
  request.end(body)
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(before + 1)
  request.destroy()
  const [response] = asked.slice(-1)
  if (response === undefined) throw new Error('it was asked')
  return response
}

async function decided(count: number): Promise<Record<string, unknown> | undefined> {
  await expect.poll(async () => (await readAudit(laboratory)).length, { timeout: 10_000 }).toBe(count)
  return (await readAudit(laboratory)).at(-1)
}

/** Status, and the client or the rule that was broken first. */
async function replay(body: string, party = tpp): Promise<unknown> {
  const url = `https://127.0.0.1:${gateway.port}/register`
  const headers = { 'content-type': 'application/json' }
  const { status, body: answer } = await sendAs(party, { method: 'POST', url, headers, body })
  const findings = answer['findings'] as readonly { rule: string }[] | undefined
  return [status, findings?.[0]?.rule ?? answer['client_id']]
}

it('uses up the statement, whose answer nobody waits for; the same registration gets that answer when it comes again', async () => {
  const body = registration('jti-answered')
  const response = await hangUp(body)
  // Had the gateway called it back, there would be nobody to answer.
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"client_id":"c1"}')
  const record = await decided(1)
  expect(record).toMatchObject({ decision: 'granted', usedOnce: ['statement-used-once'], upstream: { status: 201 } })
  expect(await replay(body)).toEqual([201, 'c1'])
  expect(asked).toHaveLength(1)
})

it('leaves the statement to the same registration alone where nobody knows its fate, and the trail tells no key', async () => {
  const other = await laboratory.registrant(OTHER_SOFTWARE)
  const body = registration('jti-unanswered', OTHER_SOFTWARE)
  await hangUp(body, other)
  const record = await decided(3)
  expect(record).toMatchObject({ reason: 'upstream-timeout', usedOnce: ['statement-used-once'] })
  expect(await replay(body, other)).toEqual([400, 'registration-in-progress'])
  await new Promise((resolve) => setTimeout(resolve, RESERVATION_MS + 100))
  const changed = JSON.stringify({ ...(JSON.parse(body) as object), scope: 'openid accounts' })
  expect(await replay(changed, other)).toEqual([400, 'statement-used-once'])
  const refused = await decided(5)
  expect(JSON.stringify(refused?.['findings'])).not.toContain('jti-unanswered')
  const again = replay(body, other)
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(3)
  asked.at(-1)?.writeHead(201, { 'content-type': 'application/json' }).end('{"client_id":"c2"}')
  expect(await again).toEqual([201, 'c2'])
})
