import { describe, expect, it } from 'vitest'
import type { VerifiedClient } from '../../../src/model/client.ts'
import type { ClientDemand } from '../../../src/model/policy.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { prove } from '../../../src/model/proof.ts'
import { bindPolicy } from '../../../src/policy/bind-policy.ts'
import { buildCaseCertificate } from '../../../src/policy/cases/build-case-certificate.ts'
import { loadPolicy } from './policy-fixture.ts'

const NOW = new Date('2026-01-01T12:00:00Z')

async function bound(body: string, parameters: JsonObject = {}): Promise<ClientDemand> {
  return bindPolicy(await loadPolicy(body), parameters).client
}

function clientOf(subject: string): VerifiedClient {
  return prove('client', { certificate: buildCaseCertificate({ subject }) } as never)
}

describe('what a policy says of the owner of a client', () => {
  const OWNER = `
parameters: { prefix: { type: string, default: p, meaning: m } }
client: { owner: 'parameters.prefix + certificate.subject.O[0]' }
`

  it('is asked with the parameters of the endpoint, and says nothing without a certificate', async () => {
    const { ownerOf } = await bound(OWNER, { prefix: 'x ' })
    expect(ownerOf(clientOf('O=Larkfield'), NOW)).toBe('x Larkfield')
    expect(ownerOf(null, NOW)).toBeNull()
  })

  it('is nobody where the expression fails', async () => {
    const { ownerOf } = await bound(OWNER, { prefix: 'x ' })
    expect(ownerOf(clientOf('CN=a'), NOW)).toBeNull()
  })

  it('is never taken from a client that was copied rather than verified', async () => {
    const { ownerOf } = await bound(OWNER, { prefix: '' })
    const copied = { ...(clientOf('O=Larkfield') as object) } as never
    expect(() => ownerOf(copied, NOW)).toThrow(new TypeError('not a proof of client'))
  })
})

describe('what a policy says of the owner of a client that was there before', () => {
  const REGISTERED = `
members: { software_id: string, contacts: list(string) }
parameters: { prefix: { type: string, default: p, meaning: m } }
client:
  owner: certificate.subject.O[?0]
  registered: 'has(registered.software_id) ? optional.of(parameters.prefix + registered.software_id) : registered.?contacts.orValue([])[?0]'
`

  it('is nothing where it does not speak of them', async () => {
    expect((await bound('client: { owner: "certificate.subject.O[?0]" }')).registeredOwnerOf).toBeNull()
    expect((await bound('')).registeredOwnerOf).toBeNull()
  })

  it('is the text that the record of the identity server gives', async () => {
    const { registeredOwnerOf } = await bound(REGISTERED, { prefix: 'x ' })
    expect(registeredOwnerOf?.({ client_id: 'c', software_id: 's' }, NOW)).toBe('x s')
    expect(registeredOwnerOf?.({ contacts: ['a'], software_id: null }, NOW)).toBe('a')
  })

  it.each<[string, JsonObject]>([
    ['has none of it', {}],
    ['has it under another type', { software_id: ['s'] }],
    ['has it empty', { contacts: [''] }],
    ['has it too long', { contacts: ['a'.repeat(1025)] }],
    ['has it under a name that every object of JavaScript has', { constructor: 's' }],
  ])('is nobody where the record %s', async (_, record) => {
    const { registeredOwnerOf } = await bound(REGISTERED, { prefix: '' })
    expect(registeredOwnerOf?.(record, NOW)).toBeNull()
  })
})

describe('whether a key may have one live client alone', () => {
  const SINGLE = `
parameters: { clients: { type: string, default: one, oneOf: [one, many], meaning: m }, limits: { type: list(string), default: [], meaning: m } }
client: { key: request.clientId, single: `

  it('is so unless the policy says otherwise', async () => {
    expect((await bound('')).single).toBe(true)
    expect((await bound('client: { key: request.clientId }')).single).toBe(true)
    expect((await bound('client: { key: request.clientId, single: false }')).single).toBe(false)
  })

  it('may hang on what the operator set', async () => {
    const body = `${SINGLE}parameters.clients == "one" }`
    expect((await bound(body, { clients: 'one', limits: [] })).single).toBe(true)
    expect((await bound(body, { clients: 'many', limits: [] })).single).toBe(false)
  })

  it('is so where that cannot be told', async () => {
    const body = `${SINGLE}'parameters.limits[0] == "one"' }`
    expect((await bound(body, { clients: 'many', limits: [] })).single).toBe(true)
    expect((await bound(body, { clients: 'many', limits: ['many'] })).single).toBe(false)
  })
})
