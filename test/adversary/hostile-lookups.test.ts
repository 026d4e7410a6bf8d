import { describe, expect, it } from 'vitest'
import type { EgressEvent } from '../../src/egress/egress-event.ts'
import type { ResolveHost } from '../../src/egress/egress-rules.ts'
import { DEFAULT_GATE_LIMITS, HostGate } from '../../src/egress/host-gate.ts'
import { fixedServerMetadata } from '../../src/forward/server-metadata.ts'
import type { Finding } from '../../src/model/refusal.ts'
import { buildLookUp } from '../../src/open-egress.ts'
import { bindPolicy } from '../../src/policy/bind-policy.ts'
import { authority, startServer } from '../unit/egress/egress-fixture.ts'
import { evidenceOf, NOW, POLICY } from '../unit/policy/lookup/lookup-fixture.ts'
import { loadPolicy } from '../unit/policy/policy-fixture.ts'

const compiled = await loadPolicy(POLICY.replace('[keys.example,', '[localhost.keys.example, responder.example,'))
const policy = bindPolicy(compiled, { keys: 'look' })

interface World {
  readonly resolve?: Readonly<Record<string, readonly string[]>>
  readonly ports?: readonly number[]
  readonly inside?: boolean
}

/** The stage as an endpoint has it, in a world where names lead wherever an attacker wants. */
function openStage({ resolve = {}, ports = [443], inside = false }: World) {
  const resolved: string[] = []
  const events: EgressEvent[] = []
  const resolveHost: ResolveHost = (hostname) => {
    resolved.push(hostname)
    const found = resolve[hostname] ?? []
    return found.length === 0
      ? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
      : Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
  const onEvent = (event: EgressEvent): number => events.push(event)
  const gate = new HostGate(DEFAULT_GATE_LIMITS, onEvent)
  const clock = { now: () => NOW, elapsedMs: () => 0 }
  const settings = { timeoutMs: 2_000, ca: authority.pem, ports, allowPrivateAddresses: inside }
  const stage = buildLookUp(policy, settings, fixedServerMetadata(null), { gate, clock, onEvent, resolveHost })
  const sector = async (address: string): Promise<Finding | undefined> => {
    const { failures } = await stage(evidenceOf({ sector_identifier_uri: address }), NOW)
    return failures[0]?.finding
  }
  const keys = (address: string) => stage(evidenceOf({}, { jwks_uri: address }), NOW)
  return { sector, keys, resolved, events }
}

const FORBIDDEN = 'address-forbidden: the address in the URL is not permitted'

describe('an address that a registrant names', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '0251.0376.0251.0376',
    '168.63.129.16',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '①②⑦.0.0.1',
    '%31%32%37.0.0.1',
  ])(
    'never leads inside, however it is spelled, and though private addresses are open to listed hosts: %s',
    async (host) => {
      const { sector, resolved } = openStage({ inside: true })
      const finding = await sector(`https://${host}/list`)
      expect([finding?.reason, finding?.found]).toEqual(['lookup-failed', 'no answer'])
      expect(finding?.detail).toContain(FORBIDDEN)
      expect(resolved).toEqual([])
    },
  )

  it.each([
    ['an interface of this machine', 'https://[fe80::1%25eth0]/'],
    ['no encryption', 'http://sector.example/'],
    ['a file', 'file:///etc/passwd'],
    ['a mail server', 'gopher://sector.example:25/'],
    ['credentials', 'https://user:word@sector.example/'],
    ['nothing', ''],
    ['no address', '//sector.example/'],
    ['a line feed in the scheme of another', 'ht\ntp://sector.example/'],
  ])('is not fetched with %s', async (_, address) => {
    const { sector, resolved } = openStage({})
    expect(await sector(address)).toMatchObject({
      reason: 'lookup-failed',
      detail: expect.stringMatching(/: scheme: /) as string,
    })
    expect(resolved).toEqual([])
  })

  it('is not fetched on another port: nobody talks to a database by way of the gateway', async () => {
    const server = await startServer('https', (_, response) => response.end('[]'))
    const world = { resolve: { 'sector.example': ['127.0.0.1'] }, ports: [server.port], inside: true }
    const { sector, resolved } = openStage(world)
    const finding = await sector(`https://sector.example:${server.port}/`)
    expect(finding?.detail).toContain(`port ${server.port} is not permitted`)
    expect([resolved, server.connections()]).toEqual([[], 0])
  })

  it.each([
    ['this machine', ['127.0.0.1']],
    ['this machine by IPv6', ['::1']],
    ['this machine by a mapped address', ['::ffff:127.0.0.1']],
    ['the credentials of a cloud', ['169.254.169.254']],
    ['a neighbour', ['10.0.0.7', '192.168.1.1']],
    ['a neighbour behind NAT64', ['64:ff9b::a00:7']],
    ['an interface', ['fe80::1%eth0']],
  ])('never leads inside by its name: %s', async (_, addresses) => {
    const { sector, resolved } = openStage({ resolve: { 'sector.example': addresses }, inside: true })
    const finding = await sector('https://sector.example/list')
    expect(finding?.found).toBe('no answer')
    expect(finding?.detail).toContain('address-forbidden: the name of the host leads to no permitted address')
    expect(resolved).toEqual(['sector.example'])
  })

  it('tells the registrant the same of a name inside as of none', async () => {
    const { sector } = openStage({ resolve: { 'inside.example': ['10.0.0.7'] } })
    const shown = async (address: string) => ({ ...(await sector(address)), detail: '' })
    expect(await shown('https://inside.example/')).toEqual(await shown('https://nowhere.example/'))
  })

  it('tells the registrant the same however often he asks: names inside are not those that never come to rest', async () => {
    const { sector, events } = openStage({ resolve: { 'inside.example': ['10.0.0.7'] } })
    const shown = async (host: string, count: number) => ({ ...(await sector(`https://${host}/${count}`)), detail: '' })
    const first = await shown('inside.example', 0)
    for (let count = 1; count <= DEFAULT_GATE_LIMITS.silences + 1; count += 1)
      for (const host of ['inside.example', 'nowhere.example']) expect(await shown(host, count)).toEqual(first)
    expect(events.filter(({ kind }) => kind === 'fetch-host-rests').map(({ host }) => host)).toEqual([
      'nowhere.example:443',
    ])
  })

  it('that failed is not asked again and again', async () => {
    const { sector, resolved } = openStage({ resolve: { 'sector.example': ['10.0.0.7'] } })
    for (let count = 0; count < 5; count += 1) await sector('https://sector.example/list')
    expect(resolved).toEqual(['sector.example'])
  })
})

describe('a host that the policy lists', () => {
  it('is reached inside, on the ports and with the authorities of the operator, and by no other name', async () => {
    const server = await startServer('https', (_, response) => response.end('{"keys":[{"kty":"RSA","use":"enc"}]}'))
    const resolve = { 'responder.example': ['127.0.0.1'], 'evil.example': ['127.0.0.1'] }
    const { keys, resolved } = openStage({ resolve, ports: [server.port], inside: true })
    const { values } = await keys(`https://responder.example:${server.port}/a.jwks`)
    expect(values).toEqual({ keys: [{ kty: 'RSA', use: 'enc' }] })
    for (const host of ['evil.example', 'responder.example.evil.example', 'xresponder.example', '127.0.0.1']) {
      const { failures } = await keys(`https://${host}:${server.port}/a.jwks`)
      expect(failures[0]?.finding.detail).toContain('host-not-allowed')
    }
    expect(resolved).toEqual(['responder.example'])
    expect(server.connections()).toBe(1)
  })

  it('is not reached inside unless the operator says so', async () => {
    const server = await startServer('https', (_, response) => response.end('{"keys":[]}'))
    const { keys } = openStage({ resolve: { 'responder.example': ['127.0.0.1'] }, ports: [server.port] })
    const { failures } = await keys(`https://responder.example:${server.port}/`)
    expect(failures[0]?.finding.detail).toContain('address-forbidden')
    expect(server.connections()).toBe(0)
  })

  it('that redirects is not followed, be it to itself', async () => {
    const server = await startServer('https', ({ url }, response) =>
      url === '/keys' ? response.end('{"keys":[]}') : response.writeHead(302, { location: '/keys' }).end(),
    )
    const { keys } = openStage({ resolve: { 'responder.example': ['127.0.0.1'] }, ports: [server.port], inside: true })
    const { failures } = await keys(`https://responder.example:${server.port}/`)
    expect(failures[0]?.finding).toMatchObject({ reason: 'lookup-failed', found: 'status 302' })
    expect(server.requests).toHaveLength(1)
  })

  it('whose name answers differently the second time is asked where it was checked (DNS rebinding)', async () => {
    const server = await startServer('https', (_, response) => response.end('{"keys":[]}'))
    const answers = [['127.0.0.1'], ['169.254.169.254']]
    const resolve = Object.defineProperty({}, 'responder.example', {
      get: () => answers.shift() ?? [],
    })
    const { keys, resolved } = openStage({ resolve, ports: [server.port], inside: true })
    expect((await keys(`https://responder.example:${server.port}/`)).values).toEqual({ keys: [] })
    expect(resolved).toEqual(['responder.example'])
  })

  it('that sends without end is cut off, and what it sent is nowhere', async () => {
    const server = await startServer('https', (_, response) => {
      const fill = (): void => {
        while (response.write(Buffer.alloc(16_384, 's')));
      }
      response.on('drain', fill)
      fill()
    })
    const { keys, events } = openStage({
      resolve: { 'responder.example': ['127.0.0.1'] },
      ports: [server.port],
      inside: true,
    })
    const { failures } = await keys(`https://responder.example:${server.port}/`)
    expect(failures[0]?.finding.found).toBe('a document of more than 131072 bytes')
    expect(JSON.stringify([failures, events])).not.toContain('ssss')
  })
})
