import { describe, expect, it } from 'vitest'
import { DEFAULT_GATE_LIMITS, HostGate } from '../../../../src/egress/host-gate.ts'
import { Refusal } from '../../../../src/model/refusal.ts'
import { createSoftwareKeys, type SoftwareKeysOptions } from '../../../../src/request/signed/software-keys.ts'
import { createStatementSigner } from '../../../support/sign-statement.ts'
import { authority, openGate, reasonsOf, startServer, steppingClock } from '../../statement/directory-fixture.ts'

const signer = await createStatementSigner({ alg: 'ES256', kid: 'a' })
const reference = { algorithm: 'ES256', keyId: 'a' }
const unknown = { algorithm: 'ES256', keyId: 'b' }

function open(changes: Partial<SoftwareKeysOptions> = {}) {
  const events: object[] = []
  const keys = createSoftwareKeys({
    hosts: [['127.0.0.1', 'keys.example', '*.keys.example']],
    reach: { allowedPorts: null, allowPrivateAddresses: true, ca: authority.pem },
    clock: steppingClock(),
    gate: openGate(),
    onEvent: (event) => void events.push(event),
    ...changes,
  })
  return { keys, events }
}

function addressRefused(uri: string | null, changes: Partial<SoftwareKeysOptions> = {}): boolean {
  try {
    open(changes).keys.at(uri)
    return false
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0].reason === 'request-keys-address-invalid'
    throw failure
  }
}

describe('the address of the keys of a software', () => {
  it.each(['https://keys.example/a.jwks', 'https://KEYS.example./a', 'https://a.keys.example:8443/a'])(
    'may be %s',
    (uri) => {
      expect(addressRefused(uri)).toBe(false)
    },
  )

  it.each([
    null,
    '',
    'keys.example/a',
    'http://keys.example/a',
    'file:///etc/passwd',
    'https://user:secret@keys.example/',
    'https://keys.example.evil.example/',
    'https://evilkeys.example/',
    'https://evil.example/?keys.example',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    `https://keys.example/${'a'.repeat(2048)}`,
  ])('is refused before anybody is asked: %.60s', (uri) => {
    expect(addressRefused(uri)).toBe(true)
  })

  it('must be on every list, that of the policy and that of the operator', () => {
    const hosts = [['*.keys.example'], ['a.keys.example', 'other.example']]
    expect(addressRefused('https://a.keys.example/', { hosts })).toBe(false)
    expect(addressRefused('https://b.keys.example/', { hosts })).toBe(true)
    expect(addressRefused('https://other.example/', { hosts })).toBe(true)
  })

  it.each(['https://127.0.0.1/', 'https://10.0.0.1/', 'https://[fd00::1]/'])(
    'is no private one unless the operator says so: %s',
    (uri) => {
      const reach = { allowedPorts: null, ca: null }
      expect(addressRefused(uri, { hosts: [], reach: { ...reach, allowPrivateAddresses: false } })).toBe(true)
      expect(addressRefused(uri, { hosts: [], reach: { ...reach, allowPrivateAddresses: uri.includes('10.') } })).toBe(
        !uri.includes('10.'),
      )
    },
  )

  it('has the usual port where any host will do', () => {
    const reach = { allowedPorts: [443], allowPrivateAddresses: false, ca: null }
    expect(addressRefused('https://keys.example/', { hosts: [], reach })).toBe(false)
    expect(addressRefused('https://keys.example:25/', { hosts: [], reach })).toBe(true)
  })
})

describe('the keys of software', () => {
  it('are fetched once for all who come at the same time, and once for each address', async () => {
    const server = await startServer([signer.jwk])
    const { keys, events } = open()
    const found = await Promise.all(Array.from({ length: 20 }, () => keys.at(server.jwksUri).find(reference)))
    expect(found.every((key) => key.equals(signer.publicKey))).toBe(true)
    await keys.at(`${server.jwksUri}#fragment`).find(reference)
    expect(server.requestCount()).toBe(1)
    expect(events).toEqual([{ kind: 'fetched', keys: 1, ignored: 0, address: server.jwksUri }])
  })

  it('cannot be asked for again and again by who invents key ids', async () => {
    const server = await startServer([signer.jwk])
    const { keys } = open()
    await keys.at(server.jwksUri).find(reference)
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await reasonsOf(keys.at(server.jwksUri).find(unknown))).toEqual(['request-key-unknown'])
    expect(server.requestCount()).toBe(2)
  })

  it('are held for so many addresses and no more: the one not used for longest goes', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer([signer.jwk])))
    const { keys } = open({ maxAddresses: 2 })
    const [one, two, three] = servers.map(
      ({ jwksUri }) =>
        () =>
          keys.at(jwksUri).find(reference),
    )
    for (const ask of [one, two, one, three, one, two]) await ask?.()
    expect(servers.map((server) => server.requestCount())).toEqual([1, 2, 1])
  })

  it('are waited for when all is closed, also where their address has made room for another one', async () => {
    const server = await startServer([signer.jwk])
    server.behave({ kind: 'silent' })
    const { keys } = open({ maxAddresses: 1, limits: { timeoutMs: 300 } })
    let isSettled = false
    const asked = reasonsOf(keys.at(server.jwksUri).find(reference)).finally(() => (isSettled = true))
    keys.at(`${server.jwksUri}?other`)
    await keys.close()
    // What is left is to hand on what came of it.
    await new Promise(setImmediate)
    expect(isSettled).toBe(true)
    expect(await asked).toEqual(['request-keys-unavailable'])
  })

  it('are asked for no more once closed', async () => {
    const server = await startServer([signer.jwk])
    const { keys } = open()
    await keys.close()
    expect(await reasonsOf(keys.at(server.jwksUri).find(reference))).toEqual(['request-keys-unavailable'])
    expect(server.requestCount()).toBe(0)
  })
})

describe('fetches of keys pass the gate', () => {
  const PLACES = { together: 4, perHost: 2 }
  const places = { 'any-host': PLACES, 'listed-host': PLACES, pinned: PLACES, 'server-metadata': PLACES }

  it('so that of one host few are made at a time, and what was not asked is asked as soon as there is a place', async () => {
    const server = await startServer([signer.jwk])
    server.behave({ kind: 'silent' })
    const gate = new HostGate({ ...DEFAULT_GATE_LIMITS, places }, () => undefined)
    const { keys } = open({ gate, hosts: [['127.0.0.1']], limits: { timeoutMs: 2_000 } })
    const slow = [1, 2].map((count) => reasonsOf(keys.at(`${server.jwksUri}?${count}`).find(reference)))
    const late = keys.at(server.jwksUri)
    expect(await reasonsOf(late.find(reference))).toEqual(['request-keys-unavailable'])
    await Promise.all(slow)
    expect(server.requestCount()).toBe(2)
    server.behave({ kind: 'keys', keys: [signer.jwk] })
    expect((await late.find(reference)).equals(signer.publicKey)).toBe(true)
  })
})
