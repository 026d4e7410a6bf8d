import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { callGateway, IDENTIFIED } from '../support/identified-as.ts'
import { openLaboratory, OTHER_SOFTWARE, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { startRedisServer, type RedisServer } from '../support/redis-server.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

let laboratory: Laboratory
let tpp: RegistrantIdentity
let other: RegistrantIdentity
const stops: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  tpp = await laboratory.registrant(SOFTWARE)
  other = await laboratory.registrant(OTHER_SOFTWARE)
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
afterAll(() => laboratory.stop())

const WINDOW_MS = 3_600_000
const limit = (requests: number) => ({ requests, windowMs: WINDOW_MS })

async function startWith(changes: Readonly<Record<string, unknown>>): Promise<RunningGateway> {
  await laboratory.writeSettings({ ...laboratory.settings, ...changes })
  const gateway = await startLaboratoryGateway(laboratory)
  stops.push(() => gateway.stop())
  return gateway
}

async function startRedis(): Promise<RedisServer> {
  const redis = await startRedisServer()
  stops.push(() => redis.stop())
  Object.assign(laboratory.environment, { DCR_REDIS_URL: redis.url })
  return redis
}

const redisState = { kind: 'redis', url: { env: 'DCR_REDIS_URL' } }

/** Judged by address and certificate, refused for want of a token where both are good. */
function ask({ port }: RunningGateway, identity: RegistrantIdentity): Promise<RegistrantAnswer> {
  return sendAs(identity, { method: 'GET', url: `https://127.0.0.1:${port}/register/some-client` })
}

const ruleOf = ({ body }: RegistrantAnswer): unknown => (body['findings'] as { rule: string }[])[0]?.rule

async function rulesOf(gateway: RunningGateway, identity: RegistrantIdentity, times: number): Promise<unknown[]> {
  const rules: unknown[] = []
  for (let time = 0; time < times; time += 1) rules.push(ruleOf(await ask(gateway, identity)))
  return rules
}

async function counted({ operationsPort }: RunningGateway): Promise<readonly string[]> {
  const text = await (await fetch(`http://127.0.0.1:${operationsPort}/metrics`)).text()
  return text.split('\n').filter((line) => line.startsWith('dcr_rate_limits_total'))
}

describe('a registrant who sends too many requests', () => {
  it('hears 429, which limit it was and when to come again, and is on record', async () => {
    const gateway = await startWith({ rates: { perCertificate: limit(2) } })
    expect(await rulesOf(gateway, tpp, 2)).toEqual([IDENTIFIED, IDENTIFIED])
    const answer = await ask(gateway, tpp)
    expect(answer.status).toBe(429)
    expect(answer.body).toMatchObject({
      error: 'temporarily_unavailable',
      findings: [
        {
          rule: 'rate-exceeded',
          at: 'client certificate',
          message: 'the limit of requests per client certificate is exceeded',
          wanted: 'at most 2 requests in 3600 seconds',
        },
      ],
    })
    const retryAfterSeconds = Number(answer.headers['retry-after'])
    expect(retryAfterSeconds).toBeGreaterThan(0)
    expect(retryAfterSeconds).toBeLessThanOrEqual(WINDOW_MS / 1000)
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({
      ...{ decision: 'refused', reason: 'rate-exceeded', status: 429, endpoint: '/register' },
      decisionId: answer.body['decision_id'],
      certificate: expect.any(Object) as unknown,
    })
    expect(await counted(gateway)).toEqual(['dcr_rate_limits_total{limit="certificate",event="exceeded"} 1'])
    // Nobody else pays for it.
    expect(await rulesOf(gateway, other, 1)).toEqual([IDENTIFIED])
  })

  it('is stopped before his certificate is looked at where it is his address', async () => {
    const gateway = await startWith({ rates: { perAddress: limit(1) } })
    expect(await rulesOf(gateway, laboratory.nobody, 1)).toEqual(['client-certificate-required'])
    for (const identity of [laboratory.nobody, tpp])
      expect(await ask(gateway, identity)).toMatchObject({
        status: 429,
        body: { findings: [{ rule: 'rate-exceeded', at: 'client address' }] },
      })
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({
      ...{ reason: 'rate-exceeded', certificate: null, endpoint: null },
      connection: { address: '127.0.0.1' },
    })
    expect(await counted(gateway)).toEqual(['dcr_rate_limits_total{limit="address",event="exceeded"} 2'])
  })

  it('is counted with all certificates of the same subject, and on all connections', async () => {
    const gateway = await startWith({ rates: { perOwner: limit(2) } })
    const renewed = await laboratory.registrant(SOFTWARE)
    expect(renewed.certificate).not.toBe(tpp.certificate)
    const caller = callGateway(gateway.port, tpp)
    expect((await caller.ask()).reason).toBe(IDENTIFIED)
    expect(await rulesOf(gateway, renewed, 2)).toEqual([IDENTIFIED, 'rate-exceeded'])
    expect(await caller.ask()).toMatchObject({ status: 429, reason: 'rate-exceeded' })
    caller.close()
    expect(await rulesOf(gateway, other, 1)).toEqual([IDENTIFIED])
    expect(await counted(gateway)).toEqual(['dcr_rate_limits_total{limit="owner",event="exceeded"} 2'])
  })

  it('is answered without a byte of his body having been read', async () => {
    const gateway = await startWith({ rates: { perCertificate: limit(1) } })
    expect(await rulesOf(gateway, tpp, 1)).toEqual([IDENTIFIED])
    const answered = await new Promise<number>((resolve, reject) => {
      const outgoing = request(
        `https://127.0.0.1:${gateway.port}/register`,
        {
          ...{ method: 'POST', agent: false, ca: tpp.serverCa, cert: tpp.certificate ?? '', key: tpp.privateKey ?? '' },
          headers: { 'content-type': 'application/json', 'content-length': '1000' },
        },
        (response) => {
          resolve(response.statusCode ?? 0)
          outgoing.destroy()
        },
      )
      outgoing.on('error', reject)
      outgoing.flushHeaders()
    })
    expect(answered).toBe(429)
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({ reason: 'rate-exceeded', operation: 'create' })
  })
})

describe('two gateways on one Redis', () => {
  it('count together', async () => {
    await startRedis()
    const settings = { state: redisState, rates: { perCertificate: limit(3) } }
    const [one, two] = [await startWith(settings), await startWith(settings)]
    expect(await rulesOf(one, tpp, 2)).toEqual([IDENTIFIED, IDENTIFIED])
    expect(await rulesOf(two, tpp, 2)).toEqual([IDENTIFIED, 'rate-exceeded'])
    expect(await rulesOf(one, tpp, 1)).toEqual(['rate-exceeded'])
  })

  it('count alone once it is killed, and keep to the limit all the same', async () => {
    const redis = await startRedis()
    const settings = { state: redisState, rates: { perCertificate: limit(2) } }
    const gateway = await startWith(settings)
    expect(await rulesOf(gateway, tpp, 3)).toEqual([IDENTIFIED, IDENTIFIED, 'rate-exceeded'])
    await redis.kill()
    expect(await rulesOf(gateway, tpp, 3)).toEqual([IDENTIFIED, IDENTIFIED, 'rate-exceeded'])
    expect(await counted(gateway)).toContain('dcr_rate_limits_total{limit="certificate",event="unavailable"} 3')
  })

  it('let nobody pass once it is killed, where that is demanded: 503, and when to come again', async () => {
    const redis = await startRedis()
    const state = { ...redisState, whenUnavailable: { rates: 'refuse' } }
    const gateway = await startWith({ state })
    expect(await rulesOf(gateway, tpp, 1)).toEqual([IDENTIFIED])
    await redis.kill()
    const answer = await ask(gateway, tpp)
    expect([answer.status, answer.headers['retry-after'], answer.body['error']]).toEqual([
      ...[503, '30', 'temporarily_unavailable'],
    ])
    expect(ruleOf(answer)).toBe('state-unavailable')
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({ decision: 'failed', reason: 'state-unavailable' })
  })
})
