import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer } from '../../support/registrant.ts'
import { nameOf, type Act, type Fault, type Moment } from '../schedule/faults.ts'
import { openRelay, type Relay } from './open-relay.ts'

const BODY = 'x'.repeat(3_000)

let server: Server
let serverCa: string
let relay: Relay
/** Lengths of bodies that the server got whole. */
const served: number[] = []
const struck: string[] = []

beforeAll(async () => {
  const authority = await mintAuthority()
  const certificate = await mintServerCertificate(authority)
  serverCa = authority.pem
  server = createServer({ cert: certificate.pem, key: certificate.privateKeyPem }, (request, response) => {
    let length = 0
    request.on('data', (piece: Buffer) => (length += piece.length))
    request.on('end', () => {
      served.push(length)
      response.end(JSON.stringify({ padding: BODY }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: targetPort } = server.address() as AddressInfo
  relay = await openRelay({
    ...{ way: 'registrant', targetPort, stallMs: 50 },
    onStrike: (fault) => void struck.push(nameOf(fault)),
  })
})
afterEach(() => {
  served.length = 0
  struck.length = 0
})
afterAll(async () => {
  await relay.close()
  server.closeAllConnections()
  server.close()
})

const fault = (moment: Moment, act: Act, changes: Partial<Fault> = {}): Fault => ({
  ...{ way: 'registrant', moment, act, bytes: 100, delayMs: 0, skip: 0, downMs: 0 },
  ...changes,
})

const ask = (): Promise<RegistrantAnswer> =>
  sendAs(
    { certificate: null, privateKey: null, serverCa },
    { method: 'POST', url: `https://127.0.0.1:${relay.port}/`, body: { padding: BODY }, maxVersion: 'TLSv1.2' },
  )

describe('a relay', () => {
  it('passes everything on where no fault waits', async () => {
    expect((await ask()).body).toEqual({ padding: BODY })
  })

  it.each<[Moment, Act, number]>([
    ['connecting', 'reset', 0],
    ['connecting', 'close', 0],
    ['request-begun', 'reset', 0],
    ['request-begun', 'close', 0],
    ['answer-due', 'reset', 1],
    ['answer-due', 'close', 1],
    ['answer-due', 'stall', 1],
    ['answer-begun', 'reset', 1],
    ['answer-begun', 'close', 1],
  ])('cuts at %s by %s: the server got %s whole requests, and the client no answer', async (moment, act, requests) => {
    const armed = relay.arm(fault(moment, act))
    await expect(ask()).rejects.toThrow()
    expect(armed.struckAt).not.toBeNull()
    expect(struck).toEqual([`${act} @ registrant ${moment}`])
    expect(served).toHaveLength(requests)
  })

  it('lets exchanges pass that are to be skipped, and strikes once', async () => {
    const armed = relay.arm(fault('answer-due', 'reset', { skip: 1 }))
    await ask()
    expect(armed.struckAt).toBeNull()
    await expect(ask()).rejects.toThrow()
    await ask()
    expect(served).toHaveLength(3)
    expect(struck).toHaveLength(1)
  })

  it.each<Moment>(['request-sent', 'answer-sent'])('tells of a kill at %s, and goes on', async (moment) => {
    relay.arm(fault(moment, 'kill store'))
    expect((await ask()).status).toBe(200)
    await expect.poll(() => struck).toEqual([`kill store @ registrant ${moment}`])
  })

  it('lets no answer through that comes from a killed process', async () => {
    relay.arm(fault('answer-due', 'kill gateway'))
    await expect(ask()).rejects.toThrow()
    expect(served).toHaveLength(1)
  })

  it('forgets a fault that is taken back', async () => {
    relay.disarm(relay.arm(fault('answer-due', 'reset')))
    expect((await ask()).status).toBe(200)
    expect(struck).toEqual([])
  })
})
