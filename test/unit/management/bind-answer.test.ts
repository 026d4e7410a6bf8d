import { describe, expect, it } from 'vitest'
import { createBinding } from '../../../src/management/bind-answer.ts'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ManagedClient } from '../../../src/model/managed-client.ts'
import type { Operation } from '../../../src/model/operation.ts'
import {
  answer,
  bind,
  certificateOf,
  clientBody,
  findingOf,
  NOW,
  recognition,
  REGISTRATION,
  requestFor,
  reservedFor,
  RING,
  tokenFor,
} from './management-fixture.ts'

const A = certificateOf('A')
const binding = createBinding({ ring: RING, registrationUrl: REGISTRATION, management: 'forward' })

/** As recognition found it when its registrant came with this token. */
async function managedBy(token: string, clientId = 'c1', client: typeof A | null = A): Promise<ManagedClient> {
  const managed = await recognition()(requestFor(clientId, token), client, NOW)
  if (managed === null) throw new Error('not recognised')
  return managed
}

describe('the token in the answer to a registration', () => {
  it("is the gateway's own, and that of the identity server does not leave it", async () => {
    const body = await bind(clientBody('c1'))
    expect(body).toMatchObject({ client_id: 'c1', registration_client_uri: `${REGISTRATION.href}/c1` })
    expect(JSON.stringify(body)).not.toContain('token-of-c1')
    expect((await managedBy(body['registration_access_token'] as string)).token?.reveal()).toBe('token-of-c1')
  })

  it('manages this client, for this owner, and knows of software and record', async () => {
    const managed = await managedBy(await tokenFor('c1'))
    expect(managed).toMatchObject({ clientId: 'c1', record: 'record-1', place: '/c1' })
    expect(managed.clientKey).toMatch(/^[\w-]{43}$/)
    const other = await managedBy(await tokenFor('c1', { key: 'software-2' }))
    expect(other.clientKey).not.toBe(managed.clientKey)
  })

  it('is none where the identity server gives none', async () => {
    expect(await bind(clientBody('c1', null))).toEqual({ client_id: 'c1' })
  })

  it('is one all the same where the gateway answers reads itself', async () => {
    const body = await bind(clientBody('c1', null), {}, { management: 'record' })
    const managed = await managedBy(body['registration_access_token'] as string)
    expect(managed).toMatchObject({ clientId: 'c1', token: null, place: null, record: 'record-1' })
  })

  it('is none, nor an address, where nobody manages clients', async () => {
    expect(await bind(clientBody('c1'), {}, { management: 'none' })).toEqual({ client_id: 'c1' })
  })

  it.each(['', 5, null, ['t']])('that is %j is none', async (token) => {
    const body = { ...clientBody('c1', null), registration_access_token: token }
    expect(await bind(body)).toEqual(body)
  })

  it('says where the identity server manages the client, in either form, whatever it calls its host', async () => {
    for (const [uri, place] of [
      ['https://localhost/oauth/reg/c1', '/c1'],
      ['https://localhost/oauth/reg?client_id=c1&v=2', '?client_id=c1&v=2'],
      ['https://localhost/elsewhere/c1', null],
    ] as const) {
      const body = await bind({ ...clientBody('c1'), registration_client_uri: uri })
      expect((await managedBy(body['registration_access_token'] as string)).place).toBe(place)
    }
  })
})

describe('the token in the answer to a read or an update', () => {
  it.each<Operation>(['read', 'update'])(
    'is the one that the registrant holds, character by character: %s',
    async (operation) => {
      const token = await tokenFor('c1')
      const managed = await managedBy(token)
      for (const body of [clientBody('c1'), clientBody('c1', null)])
        expect((await bind(body, { operation, managed }))['registration_access_token']).toBe(token)
    },
  )

  it.each<Operation>(['read', 'update'])(
    'is a new one where the identity server gave a new one: %s',
    async (operation) => {
      const token = await tokenFor('c1')
      const body = await bind(clientBody('c1', 'rotated'), { operation, key: null, managed: await managedBy(token) })
      const next = body['registration_access_token'] as string
      expect(next).not.toBe(token)
      const [before, after] = [await managedBy(token), await managedBy(next)]
      expect(after.token?.reveal()).toBe('rotated')
      expect(after).toMatchObject({ clientKey: before.clientKey, record: before.record, place: before.place })
      expect(JSON.stringify(body)).not.toContain('rotated')
    },
  )

  it('stays with its owner when it is a new one: nobody else can use that either', async () => {
    const managed = await managedBy(await tokenFor('c1'))
    const body = await bind(clientBody('c1', 'rotated'), { operation: 'update', managed })
    const taken = recognition()(requestFor('c1', body['registration_access_token'] as string), certificateOf('B'), NOW)
    expect((await findingOf(taken)).reason).toBe('management-token-rejected')
  })

  it('stays with its client when the identity server answers with another one', async () => {
    const managed = await managedBy(await tokenFor('c1'))
    const body = await bind(clientBody('c2', 'rotated'), { operation: 'update', managed })
    expect(await managedBy(body['registration_access_token'] as string)).toMatchObject({ clientId: 'c1' })
  })

  it('binds a client that was there before the gateway to the owner who was admitted', async () => {
    const readRecord = () => Promise.resolve({ client_id: 'c1', software_owner: 'A' })
    const managed = await recognition({ readRecord })(requestFor('c1', 'theirs'), A, NOW)
    for (const body of [clientBody('c1', 'theirs'), clientBody('c1', null)]) {
      const bound = await bind(body, { operation: 'read', key: null, managed })
      const token = bound['registration_access_token'] as string
      expect(JSON.stringify(bound)).not.toContain('theirs')
      expect((await managedBy(token)).token?.reveal()).toBe('theirs')
      const taken = recognition()(requestFor('c1', token), certificateOf('B'), NOW)
      expect((await findingOf(taken)).reason).toBe('management-token-rejected')
    }
  })

  it('learns of the software of such a client when it is updated with a statement', async () => {
    const readRecord = () => Promise.resolve({ client_id: 'c1', software_owner: 'A' })
    const managed = await recognition({ readRecord })(requestFor('c1', 'theirs'), A, NOW)
    const body = await bind(clientBody('c1', 'theirs'), { operation: 'update', key: 'software-1', managed })
    const registered = await managedBy(await tokenFor('c1', { key: 'software-1' }))
    expect(await managedBy(body['registration_access_token'] as string)).toMatchObject({
      clientKey: registered.clientKey,
    })
  })
})

describe('an answer that is none of a client', () => {
  const silence = {
    kind: 'silence',
    sent: true,
    finding: { reason: 'upstream-timeout', at: 'a', message: 'm' },
  } as const

  it.each<[string, UpstreamReply, Operation]>([
    ['a silence', silence, 'create'],
    ['an error', answer({ error: 'invalid', registration_access_token: 't' }, 400), 'create'],
    ['a redirection', answer({ registration_access_token: 't' }, 302), 'create'],
    ['an empty answer', answer(null, 201), 'create'],
    ['the answer to a deletion', answer({ registration_access_token: 't' }, 200), 'delete'],
  ])('is left as it is: %s', async (_, reply, operation) => {
    expect(await binding(reply, reservedFor({ operation }))).toBe(reply)
  })

  it('is left as it is where it was bound before, when it was kept', async () => {
    const kept = answer(clientBody('c1', 'bound before'), 201)
    expect(await binding(kept, reservedFor({ kept }))).toBe(kept)
  })
})
