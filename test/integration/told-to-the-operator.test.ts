import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ROOT } from '../architecture/source-files.ts'
import { startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { mintAuthority } from '../support/mint-certificates.ts'
import { startRedisServer } from '../support/redis-server.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'

let laboratory: Laboratory
const stops: (() => unknown)[] = []
beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await laboratory.writeSettings(laboratory.settings)
})
afterAll(() => laboratory.stop())

async function register(port: number): Promise<RegistrantAnswer> {
  const url = `https://127.0.0.1:${port}/register`
  return sendAs(await laboratory.registrant(SOFTWARE), {
    ...{ method: 'POST', url, body: goodRegistration(laboratory, SOFTWARE, new Date()) },
  })
}

describe('the log of the gateway', () => {
  it('warns at the start of what should be mended, and starts all the same', async () => {
    const past = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') }
    const expired = await mintAuthority({ subject: [['CN', 'Long gone']], ...past })
    await writeFile(join(laboratory.folder, 'trust/sandbox/roots/expired.pem'), expired.pem)
    const log: LogEntry[] = []
    const gateway = await startLaboratoryGateway(laboratory, systemClock, log)
    stops.push(() => gateway.stop())
    const [warning] = log.filter(({ event }) => event === 'mend')
    expect(warning).toMatchObject({ level: 'warn', facts: { file: expect.stringContaining('expired.pem') as unknown } })
    expect(log.map(({ event }) => event)).toContain('started')
  })

  it('says that a registration could not be written down, where nobody can take its client back and the registrant has it', async () => {
    const redis = await startRedisServer()
    const identityServer = createServer((incoming, response) => {
      incoming.resume()
      void redis.kill().then(() => response.writeHead(201).end('{"client_id":"one"}'))
    }).listen(0, '127.0.0.1')
    await once(identityServer, 'listening')
    stops.push(() => identityServer.close())
    Object.assign(laboratory.environment, { DCR_REDIS_URL: redis.url })
    await laboratory.writeSettings({
      ...laboratory.settings,
      upstream: { registrationUrl: `http://127.0.0.1:${(identityServer.address() as AddressInfo).port}/reg` },
      state: { kind: 'redis', url: { env: 'DCR_REDIS_URL' }, commandTimeoutMs: 500 },
    })
    const log: LogEntry[] = []
    const gateway = await startLaboratoryGateway(laboratory, systemClock, log)
    stops.push(() => gateway.stop())
    const answer = await register(gateway.port)
    expect([answer.status, answer.body['client_id']]).toEqual([201, 'one'])
    const [loss] = log.filter(({ event }) => event === 'registration-unrecorded')
    expect(loss).toMatchObject({ level: 'warn', facts: { clientId: 'one', endpoint: '/register' } })
  })
})

/** The gateway in a process of its own, its two outputs kept apart. */
async function serve(settings: Readonly<Record<string, unknown>>, nodeOptions: readonly string[] = []) {
  const file = join(laboratory.folder, 'process.yaml')
  await writeFile(file, stringify(settings))
  const child = spawn(process.execPath, [...nodeOptions, join(ROOT, 'dist/main.js'), 'serve', '--config', file], {
    env: { ...process.env, ...laboratory.environment },
  })
  stops.push(() => child.kill('SIGKILL'))
  const out: Record<string, unknown>[] = []
  const log: Record<string, unknown>[] = []
  for (const [stream, lines] of [
    [child.stdout, out],
    [child.stderr, log],
  ] as const)
    createInterface({ input: stream }).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>))
  await expect.poll(() => log.map(({ event }) => event), { timeout: 15_000 }).toContain('started')
  const port = Number(log.find(({ event }) => event === 'started')?.['port'])
  return { child, out, log, port }
}

describe('the process of the gateway', () => {
  it('writes the audit trail to its standard output, and nothing else there', async () => {
    const { out, log, port, child } = await serve({ ...laboratory.settings, audit: { file: 'stdout' } })
    expect((await register(port)).status).toBe(201)
    await expect.poll(() => out.length).toBe(2)
    expect(out.map(({ event }) => event)).toEqual(['opened', 'decision'])
    expect(out[1]).toMatchObject({ decision: 'granted', status: 201, endpoint: '/register' })
    expect(log.map(({ event }) => event)).not.toContain('decision')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('writes warnings of Node into its log, line by line like everything there', async () => {
    const warnAtSignal = `process.on('SIGUSR2', () => {
      process.emitWarning('11 close listeners added', 'MaxListenersExceededWarning')
      process.emitWarning('an old call', 'DeprecationWarning', 'DEP0060')
    })`
    const { log, child } = await serve(laboratory.settings, [
      '--import',
      `data:text/javascript,${encodeURIComponent(warnAtSignal)}`,
    ])
    child.kill('SIGUSR2')
    await expect.poll(() => log.filter(({ event }) => event === 'node-warning')).toHaveLength(2)
    expect(log.filter(({ event }) => event === 'node-warning')).toEqual([
      expect.objectContaining({
        ...{ level: 'warn', name: 'MaxListenersExceededWarning', message: '11 close listeners added' },
      }),
      expect.objectContaining({ level: 'info', name: 'DeprecationWarning', code: 'DEP0060', message: 'an old call' }),
    ])
  })

  it('waits for running exchanges at the first signal, and for nothing at the second', async () => {
    const silent = createServer((incoming) => incoming.resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    stops.push(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const { child, log, port } = await serve({
      ...laboratory.settings,
      upstream: {
        registrationUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/reg`,
        timeoutMs: 20_000,
      },
      limits: { drainTimeoutMs: 60_000 },
    })
    const asked = once(silent, 'request')
    const answer = register(port).catch((error: unknown) => error)
    await asked
    child.kill('SIGTERM')
    await expect.poll(() => log.map(({ event }) => event)).toContain('signal')
    expect(child.exitCode).toBeNull()
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(log.map(({ event }) => event)).not.toContain('drained')
    expect(await answer).toBeInstanceOf(Error)
  })
})
