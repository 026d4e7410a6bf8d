import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import type { Clock } from '../../src/model/clock.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { startRedisServer } from '../support/redis-server.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

let laboratory: Laboratory
let tpp: RegistrantIdentity
const stops: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  tpp = await laboratory.registrant(SOFTWARE)
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await laboratory.writeSettings(laboratory.settings)
})
afterAll(() => laboratory.stop())

async function startWith(
  changes: Readonly<Record<string, unknown>>,
  clock: Clock = systemClock,
  log: LogEntry[] = [],
): Promise<RunningGateway> {
  await laboratory.writeSettings({ ...laboratory.settings, ...changes })
  const gateway = await startLaboratoryGateway(laboratory, clock, log)
  stops.push(() => gateway.stop())
  return gateway
}

const register = (gateway: RunningGateway, now = new Date()): Promise<RegistrantAnswer> =>
  sendAs(tpp, {
    method: 'POST',
    url: `https://127.0.0.1:${gateway.port}/register`,
    body: goodRegistration(laboratory, SOFTWARE, now),
  })

/** An identity server that misbehaves as told: the real one never would. */
async function misbehave(handle: RequestListener): Promise<Record<string, unknown>> {
  const server: Server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    upstream: {
      registrationUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reg`,
      timeoutMs: 400,
      responseLimitBytes: 5000,
    },
  }
}

const answering =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(body)

describe('an identity server that fails', () => {
  it.each<[string, RequestListener, number, string]>([
    [
      'with an error page',
      (_, response) => response.writeHead(500, { 'x-powered-by': 'secret' }).end('<h1>stack trace: secret</h1>'),
      502,
      'upstream-failed',
    ],
    [
      'by redirecting',
      (_, response) => response.writeHead(302, { location: 'https://secret.internal/' }).end(),
      502,
      'upstream-failed',
    ],
    ['with a success that is no JSON', answering(201, 'secret'), 502, 'upstream-answer-invalid'],
    ['with a success without client id', answering(201, '{"secret":1}'), 502, 'upstream-answer-invalid'],
    ['with a member twice', answering(201, '{"client_id":"a","client_id":"secret"}'), 502, 'upstream-answer-invalid'],
    [
      'by turning the gateway itself away',
      answering(401, '{"error":"invalid_token","error_description":"secret"}'),
      502,
      'upstream-failed',
    ],
    [
      'by sending without end',
      answering(201, `{"client_id":"${'secret'.repeat(2000)}"}`),
      502,
      'upstream-answer-invalid',
    ],
    ['by hanging up', (request) => request.socket.destroy(), 502, 'upstream-failed'],
    ['by saying nothing', () => undefined, 504, 'upstream-timeout'],
  ])('%s is answered with a decision id, and nothing leaks', async (_, handle, status, reason) => {
    const gateway = await startWith(await misbehave(handle))
    const answer = await register(gateway)
    expect({ status: answer.status, error: answer.body['error'], rules: answer.body['findings'] }).toMatchObject({
      status,
      error: 'server_error',
      rules: [{ rule: reason }],
    })
    expect(answer.text).not.toContain('secret')
    expect(JSON.stringify(answer.headers)).not.toContain('secret')
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({
      decision: 'failed',
      reason,
      decisionId: answer.body['decision_id'],
    })
  })

  it('by not taking the token of the gateway, is in the log once, with what to look at', async () => {
    const log: LogEntry[] = []
    const gateway = await startWith(await misbehave(answering(401, '')), systemClock, log)
    for (let count = 0; count < 2; count += 1) expect((await register(gateway)).status).toBe(502)
    const found = 'status 401 to a registration'
    const check = expect.stringContaining('upstream.initialAccessToken') as unknown
    expect(log.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', event: 'upstream-failed', facts: { found, check } },
    ])
  })

  it('by not being there, is told from one that may have acted, and the next attempt is free', async () => {
    const gone = await misbehave(() => undefined)
    await stops.pop()?.()
    const gateway = await startWith(gone)
    for (const attempt of [1, 2]) {
      expect((await register(gateway)).body['findings'], `attempt ${attempt}`).toMatchObject([
        { rule: 'upstream-unreachable' },
      ])
    }
  })

  it('by saying nothing, keeps the software from registering a second time while the first may have taken effect', async () => {
    const gateway = await startWith(await misbehave(() => undefined))
    await register(gateway)
    const second = await register(gateway)
    expect({ status: second.status, findings: second.body['findings'] }).toMatchObject({
      status: 400,
      findings: [{ rule: 'registration-in-progress', clause: '9.3.1 (5)' }],
    })
  })
})

describe('a directory that is away', () => {
  it('is no fault of the registrant: 503 and when to come back', async () => {
    laboratory.directory.behave({ kind: 'answer', status: 500, body: 'down for maintenance' })
    const log: LogEntry[] = []
    const answer = await register(await startWith({}, systemClock, log))
    const facts = { directory: 'demo', problem: 'status', detail: 'status: 500' }
    expect(log.find(({ event }) => event === 'directory-keys-failed')?.facts).toEqual(facts)
    expect({
      status: answer.status,
      retry: answer.headers['retry-after'],
      error: answer.body['error'],
      findings: answer.body['findings'],
    }).toMatchObject({
      status: 503,
      retry: '30',
      error: 'temporarily_unavailable',
      findings: [{ rule: 'statement-keys-unavailable' }],
    })
    expect(answer.text).not.toContain('maintenance')
    laboratory.directory.behave({ kind: 'keys', keys: [laboratory.signer.jwk] })
  })
})

describe('an audit trail that cannot be written', () => {
  it('lets nothing be decided unrecorded', async () => {
    const log: LogEntry[] = []
    const gateway = await startWith({ audit: { file: '/dev/full' } }, systemClock, log)
    const seen = laboratory.identityServer.seen.length
    const answer = await register(gateway)
    expect({ status: answer.status, findings: answer.body['findings'] }).toMatchObject({
      status: 503,
      findings: [{ rule: 'audit-unavailable' }],
    })
    expect(laboratory.identityServer.seen).toHaveLength(seen)
    expect(log.some(({ event, level }) => event === 'audit-failed' && level === 'error')).toBe(true)
    const ready = await fetch(`http://127.0.0.1:${gateway.operationsPort}/readyz`)
    expect([ready.status, await ready.text()]).toEqual([503, 'not ready: audit\n'])
  })
})

describe('two gateways on one Redis', () => {
  it('let one of two registrations of the same software through at a time', async () => {
    const redis = await startRedisServer()
    stops.push(() => redis.stop())
    const state = { kind: 'redis', url: { env: 'DCR_REDIS_URL' }, keyPrefix: 'pair' }
    Object.assign(laboratory.environment, { DCR_REDIS_URL: redis.url })
    const slow: RequestListener = (_, response) =>
      void setTimeout(() => response.writeHead(201).end('{"client_id":"one"}'), 300)
    const upstream = await misbehave(slow)
    const gateways = [await startWith({ ...upstream, state }), await startWith({ ...upstream, state })]
    const answers = await Promise.all(gateways.map((gateway) => register(gateway)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
    const refused = answers.find(({ status }) => status === 400)
    expect(refused?.body['findings']).toMatchObject([{ rule: 'registration-in-progress' }])
  })

  it('refuse registrations while it is away, say so, and go on when it is back', async () => {
    const redis = await startRedisServer()
    const state = { kind: 'redis', url: { env: 'DCR_REDIS_URL' }, commandTimeoutMs: 300 }
    Object.assign(laboratory.environment, { DCR_REDIS_URL: redis.url })
    const gateway = await startWith({ state })
    expect((await register(gateway)).status).toBe(201)
    await redis.kill()
    const answer = await register(gateway)
    expect({
      status: answer.status,
      retry: answer.headers['retry-after'],
      findings: answer.body['findings'],
    }).toMatchObject({ status: 503, retry: '30', findings: [{ rule: 'state-unavailable' }] })
    expect((await fetch(`http://127.0.0.1:${gateway.operationsPort}/readyz`)).status).toBe(503)
    const again = await startRedisServer({ port: redis.port })
    stops.push(() => again.stop())
    await expect.poll(async () => (await register(gateway)).status, { timeout: 10_000 }).toBe(201)
  })
})

describe('a registrant who leaves', () => {
  it('leaves his request at the identity server: only the answer tells what came of it', async () => {
    const upstream = await misbehave(() => undefined)
    const gateway = await startWith({ upstream: { ...(upstream['upstream'] as object), timeoutMs: 2_000 } })
    const controller = new AbortController()
    const attempt = sendAs(tpp, {
      method: 'POST',
      url: `https://127.0.0.1:${gateway.port}/register`,
      body: goodRegistration(laboratory, SOFTWARE, new Date()),
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(), 500)
    await expect(attempt).rejects.toThrow()
    await expect
      .poll(async () => (await readAudit(laboratory)).at(-1), { timeout: 5000 })
      .toMatchObject({
        reason: 'upstream-timeout',
        decision: 'failed',
        upstream: { status: null, sent: true },
      })
  })
})

describe('the operations port', () => {
  it('tells that the gateway lives, is ready, and what it decided', async () => {
    const gateway = await startWith({})
    await sendAs(laboratory.nobody, { method: 'GET', url: `https://127.0.0.1:${gateway.port}/register/abc` })
    const get = async (path: string): Promise<[number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${gateway.operationsPort}${path}`)
      return [answer.status, await answer.text()]
    }
    expect(await get('/livez')).toEqual([200, 'live\n'])
    expect(await get('/readyz')).toEqual([200, 'ready\n'])
    expect((await get('/metrics'))[1]).toContain(
      'dcr_decisions_total{endpoint="/register",operation="read",status="401",reason="client-certificate-required"} 1',
    )
    expect((await get('/other'))[0]).toBe(404)
  })
})
