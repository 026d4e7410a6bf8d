import { rm, writeFile } from 'node:fs/promises'
import type { TLSSocket } from 'node:tls'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { callGateway, IDENTIFIED, type Caller } from '../support/identified-as.ts'
import { startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { emptyCrl, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { mintAuthority, mintClientCertificate, mintServerCertificate } from '../support/mint-certificates.ts'
import type { RegistrantIdentity } from '../support/registrant.ts'
import { ROOT } from '../architecture/source-files.ts'

let laboratory: Laboratory
let gateway: RunningGateway
let log: LogEntry[]
const callers: Caller[] = []

beforeEach(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  await laboratory.writeSettings({ ...laboratory.settings, reload: { pollIntervalMs: 25 } })
  log = []
  gateway = await startLaboratoryGateway(laboratory, systemClock, log)
})
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.close()
  await gateway.stop()
  await laboratory.stop()
})

const write = (name: string, content: string | Buffer): Promise<void> =>
  writeFile(join(laboratory.folder, name), content)
const events = (event: string): readonly LogEntry[] => log.filter((entry) => entry.event === event)

async function until(event: string, count = 1): Promise<void> {
  await expect.poll(() => events(event).length, { timeout: 10_000, interval: 10 }).toBe(count)
}

function connect(identity: RegistrantIdentity): { ask: () => Promise<string>; sockets: ReadonlySet<TLSSocket> } {
  const caller = callGateway(gateway.port, identity)
  callers.push(caller)
  return { ask: async () => (await caller.ask()).reason, sockets: caller.sockets }
}

describe('a running gateway', () => {
  it('takes a new trusted issuer into force, drops no connection, and lets one go again', async () => {
    const newcomer = await mintAuthority({ subject: [['CN', 'Newcomer CA']] })
    const leaf = await mintClientCertificate(newcomer)
    const stranger = { ...laboratory.nobody, certificate: leaf.pem, privateKey: leaf.privateKeyPem }
    const known = connect(await laboratory.registrant(SOFTWARE))
    expect(await known.ask()).toBe(IDENTIFIED)
    expect(await connect(stranger).ask()).toBe('client-certificate-issuer-unknown')

    await write('trust/sandbox/crls/newcomer.crl', emptyCrl(newcomer))
    await until('renewed')
    await write('trust/sandbox/roots/newcomer.pem', newcomer.pem)
    await until('renewed', 2)
    expect(await connect(stranger).ask()).toBe(IDENTIFIED)
    expect(await known.ask()).toBe(IDENTIFIED)

    const admitted = connect(stranger)
    expect(await admitted.ask()).toBe(IDENTIFIED)
    await rm(join(laboratory.folder, 'trust/sandbox/roots/newcomer.pem'))
    await until('renewed', 3)
    expect(await admitted.ask()).toBe('client-certificate-issuer-unknown')
    expect(await known.ask()).toBe(IDENTIFIED)
    expect([known.sockets.size, admitted.sockets.size]).toEqual([1, 1])
  })

  it('refuses a change with faults, names them all, and goes on with what it had', async () => {
    await write('trust/sandbox/roots/broken.pem', 'no certificate at all')
    await write('trust/sandbox/roots/leaf.pem', (await mintClientCertificate(laboratory.clientRoot)).pem)
    await until('renewal-refused')
    const [refused] = events('renewal-refused')
    expect(refused).toMatchObject({ level: 'error', facts: { inForce: 'as before' } })
    const faults = refused?.facts['faults'] as readonly { file: string; wanted: string }[]
    expect(faults.map(({ file, wanted }) => [file.split('/').at(-1), wanted])).toEqual([
      ['broken.pem', 'PEM certificates'],
      ['leaf.pem', 'basic constraints with cA true'],
    ])
    expect(await connect(await laboratory.registrant(SOFTWARE)).ask()).toBe(IDENTIFIED)
    expect(await gateway.renew()).toBe(false)
  })

  it('shows a renewed certificate to new connections, and refuses one whose key is another', async () => {
    const running = connect(await laboratory.registrant(SOFTWARE))
    await running.ask()
    const authority = await mintAuthority({ subject: [['CN', 'New Internal CA']] })
    const renewed = await mintServerCertificate(authority)
    await write('server.pem', renewed.pem)
    expect(await gateway.renew()).toBe(false)
    await write('server.key', renewed.privateKeyPem)
    expect(await gateway.renew()).toBe(true)

    const next = connect({ ...(await laboratory.registrant(SOFTWARE)), serverCa: authority.pem })
    expect(await next.ask()).toBe(IDENTIFIED)
    expect([...next.sockets][0]?.getPeerX509Certificate()?.raw).toEqual(renewed.der)
    expect(await running.ask()).toBe(IDENTIFIED)
    expect(running.sockets.size).toBe(1)
  })

  it('says which sections of changed settings wait for a restart', async () => {
    await laboratory.writeSettings({ ...laboratory.settings, limits: { bodyLimitBytes: 1000 } })
    await until('restart-needed')
    expect(events('restart-needed')[0]?.facts).toEqual({ sections: ['reload', 'limits'] })
  })
})
