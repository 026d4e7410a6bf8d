import { strict as assert } from 'node:assert'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request, type AgentOptions } from 'node:https'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { startGatewayProcess } from '../support/gateway-process.ts'
import type { Laboratory } from '../support/laboratory.ts'
import type { RegistrantIdentity } from '../support/registrant.ts'
import type { Contender } from './compare.ts'
import type { PlainServerOptions } from './plain-server.ts'

/** A server in a process of its own, so that its CPU time is not mixed with the client's. */
export interface MeasuredServer {
  readonly name: string
  readonly url: string
  /** What its answer must hold. */
  readonly says: string
  readonly cpuUs: () => Promise<number>
  readonly stop: () => Promise<unknown>
}

const FRESH_TIMES = 80
const KEPT_TIMES = 1000
const AT_ONCE = 4

export async function startPlainServer({ folder, clientRoot }: Laboratory): Promise<MeasuredServer> {
  const child = fork(join(import.meta.dirname, 'plain-server.ts'), { execArgv: ['--import', 'tsx'] })
  const ask = async (message: object): Promise<Readonly<Record<string, number>>> => {
    const answered = once(child, 'message')
    child.send(message)
    const [answer] = (await answered) as [Readonly<Record<string, number>>]
    return answer
  }
  const [cert, key] = await Promise.all(
    ['server.pem', 'server.key'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  assert.ok(cert !== undefined && key !== undefined)
  const { port } = await ask({ cert, key, ca: clientRoot.pem } satisfies PlainServerOptions)
  return {
    name: 'node:https with client certificates, answering at once',
    url: `https://127.0.0.1:${port}/register/nobody`,
    says: 'invalid_token',
    cpuUs: async () => (await ask({}))['cpuUs'] ?? 0,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

export async function startMeasuredGateway({ configFile, environment }: Laboratory): Promise<MeasuredServer> {
  const { port, operationsPort, stop } = await startGatewayProcess(configFile, environment)
  return {
    name: 'dcr-gateway: identified, refused for its token, on record',
    url: `https://127.0.0.1:${port}/register/nobody`,
    // It comes after the certificate and before the identity server.
    says: 'management-token-required',
    cpuUs: () => readCpuUs(`http://127.0.0.1:${operationsPort}/metrics`),
    stop,
  }
}

async function readCpuUs(metricsUrl: string): Promise<number> {
  const metrics = await (await fetch(metricsUrl)).text()
  const seconds = [...metrics.matchAll(/^process_cpu_(?:user|system)_seconds_total (\S+)/gm)].map(([, text]) =>
    Number(text),
  )
  assert.equal(seconds.length, 2)
  return seconds.reduce((sum, each) => sum + each, 0) * 1e6
}

/** A whole TLS 1.3 connection for one request. */
export function freshConnection(server: MeasuredServer, registrant: RegistrantIdentity): Contender {
  const options = { ...connectionOptions(registrant), maxCachedSessions: 0 }
  return asking(server, FRESH_TIMES, () => new Agent(options))
}

/** One more request on a connection that is there already. */
export function keptConnection(server: MeasuredServer, registrant: RegistrantIdentity): Contender {
  const agent = new Agent({ ...connectionOptions(registrant), keepAlive: true, maxSockets: AT_ONCE })
  return asking(server, KEPT_TIMES, () => agent)
}

function connectionOptions({ certificate, privateKey, serverCa }: RegistrantIdentity): AgentOptions {
  assert.ok(certificate !== null && privateKey !== null)
  return { secureContext: createSecureContext({ cert: certificate, key: privateKey, ca: serverCa }) }
}

function asking({ name, url, says, cpuUs }: MeasuredServer, times: number, agentFor: () => Agent): Contender {
  return {
    name,
    times,
    cpuUs,
    check: async () => assert.ok((await get(url, agentFor())).includes(says)),
    run: async (count) => {
      const oneAfterTheOther = async (): Promise<void> => {
        for (let left = count / AT_ONCE; left > 0; left -= 1) await get(url, agentFor())
      }
      await Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther))
    },
  }
}

function get(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
      .on('error', reject)
      .end()
  })
}
