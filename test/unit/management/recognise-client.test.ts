import { describe, expect, it, vi } from 'vitest'
import type { VerifiedClient } from '../../../src/model/client.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { tokenRejected } from '../../../src/model/managed-client.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { demandProof } from '../../../src/model/proof.ts'
import { refuse } from '../../../src/model/refusal.ts'
import type { RegistrationRequest } from '../../../src/model/registration-request.ts'
import {
  certificateOf,
  findingOf,
  newRing,
  NOW,
  POLICY,
  recognition,
  requestFor,
  REGISTRATION,
  RING,
  tokenFor,
} from './management-fixture.ts'

const A = certificateOf('A')

describe('whoever shows the token that he was given, for the client that it was given for,', () => {
  it.each<Operation>(['read', 'update', 'delete'])('may %s it', async (operation) => {
    const token = await tokenFor('c1')
    const managed = await recognition()(requestFor('c1', token, operation), A, NOW)
    if (managed === null) throw new Error('not recognised')
    demandProof('managed', managed)
    expect(managed).toMatchObject({ clientId: 'c1', record: 'record-1', place: '/c1', isBound: true })
    expect(managed.token?.reveal()).toBe('token-of-c1')
    expect(managed.presented.reveal()).toBe(token)
    expect(JSON.stringify(managed)).not.toContain('token-of')
  })

  it.each<[string, VerifiedClient]>([
    ['a renewed certificate', certificateOf('A', { thumbprint: 't2' })],
    ['a certificate with another distinguished name', certificateOf('A', { others: 'O=New Name Ltd,OU=Apps,' })],
  ])('may do so with %s of the same owner', async (_, renewed) => {
    expect(await recognition()(requestFor('c1', await tokenFor('c1')), renewed, NOW)).toMatchObject({ clientId: 'c1' })
  })

  it('may do so after the key that sealed it was replaced, as long as that is kept', async () => {
    const [old, next] = [newRing(), newRing()]
    const token = await tokenFor('c1', {}, { ring: old })
    const both = {
      seal: next.seal,
      open: async (...given: Parameters<typeof old.open>) => (await next.open(...given)) ?? old.open(...given),
    }
    expect(await recognition({ ring: both })(requestFor('c1', token), A, NOW)).toMatchObject({ clientId: 'c1' })
    const { reason } = await findingOf(recognition({ ring: next })(requestFor('c1', token), A, NOW))
    expect(reason).toBe('management-token-rejected')
  })

  it('need not have a certificate where there was none when the client was registered', async () => {
    const token = await tokenFor('c1', { client: null, owner: null })
    for (const client of [null, A, certificateOf('B')])
      expect(await recognition()(requestFor('c1', token), client, NOW)).toMatchObject({ clientId: 'c1' })
  })

  it('is nobody in particular for a registration, whatever he shows', async () => {
    const request = { ...requestFor('c1', await tokenFor('c1'), 'create'), location: null } as RegistrationRequest
    expect(await recognition()(request, A, NOW)).toBeNull()
  })
})

/** All ways to another party's client that we can think of. Each ends in the same answer: nobody learns what was wrong. */
const TAKEOVERS: readonly [string, () => Promise<unknown>][] = [
  ['the token of A with the certificate of B', async () => ask('c1', await tokenFor('c1'), certificateOf('B'))],
  ['the token of A without a certificate', async () => ask('c1', await tokenFor('c1'), null)],
  [
    'the token of A with a certificate that names no owner',
    async () => ask('c1', await tokenFor('c1'), certificateOf('nobody')),
  ],
  [
    'the token of A with a certificate of the same name from other issuers',
    async () => ask('c1', await tokenFor('c1'), certificateOf('A', { trust: 'another scheme' })),
  ],
  ['the token of another client of A', async () => ask('c1', await tokenFor('c2'), A)],
  ['the own client, with the id in other letters', async () => ask('C1', await tokenFor('c1'), A)],
  ['the own token of B for the client of A', async () => ask('c1', await tokenOfB(), certificateOf('B'))],
  [
    'a token of another registration endpoint of the identity server, which numbers its clients alike',
    async () => ask('c1', await tokenFor('c1', {}, { registrationUrl: new URL('https://idp.example/other') }), A),
  ],
  [
    'a token of another gateway, with other keys',
    async () => ask('c1', await tokenFor('c1', {}, { ring: newRing() }), A),
  ],
  ['the token of the identity server, should it ever leak', () => ask('c1', 'token-of-c1', A)],
  ['a guessed token', () => ask('c1', 'guessed', A)],
  ['a token of which one character is another', async () => ask('c1', altered(await tokenFor('c1')), A)],
  ['what was sealed for something else', async () => ask('c1', await RING.seal('kept-answer', await content()), A)],
  ['what another edition of the gateway sealed', async () => ask('c1', await sealed('["c1"]'), A)],
  ['a sealed object', async () => ask('c1', await sealed('{"clientId":"c1"}'), A)],
  ['a sealed list of other types', async () => ask('c1', await sealed('["c1","/oauth/reg",1,2,3,4,5]'), A)],
  ['an empty token', () => ask('c1', ' ', A)],
]

const ask = (clientId: string, token: string, client: VerifiedClient | null): Promise<unknown> =>
  recognition()(requestFor(clientId, token), client, NOW)
/** In the first bits of what is sealed. */
const altered = (token: string): string => token.replace(/\.\.(.)/, (_, first) => (first === 'A' ? '..B' : '..A'))
const tokenOfB = (): Promise<string> => tokenFor('b1', { client: certificateOf('B'), owner: 'B' })
const sealed = (text: string): Promise<string> => RING.seal('management-token', text)
const content = async (): Promise<string> => (await RING.open('management-token', await tokenFor('c1'))) ?? ''

describe('a take-over is answered like an unknown token, word for word:', () => {
  it.each(TAKEOVERS)('%s', async (_, attempt) => {
    const { detail, ...told } = await findingOf(attempt())
    const { detail: _detail, ...same } = tokenRejected('')
    expect(told).toEqual(same)
    expect(detail).not.toBe('')
  })

  it('and the operator learns which it was', async () => {
    const details = new Set<string | undefined>()
    for (const [, attempt] of TAKEOVERS.slice(0, 6)) details.add((await findingOf(attempt())).detail)
    expect(details).toEqual(
      new Set([
        'the token is of another owner',
        'the client certificate names no owner',
        'the token is of another client',
      ]),
    )
  })
})

describe('a client that was there before the gateway', () => {
  const theirs = { client_id: 'old', software_owner: 'A' }
  const reading = (record: JsonObject | null) => vi.fn(() => Promise.resolve(record))

  it('is refused where the operator does not admit such, and the identity server is not even asked', async () => {
    const { reason } = await findingOf(recognition({ readRecord: null })(requestFor('old', 'theirs'), A, NOW))
    expect(reason).toBe('management-token-rejected')
  })

  it('is admitted where the record of the identity server names the same owner; its token is not bound yet', async () => {
    const readRecord = reading(theirs)
    const managed = await recognition({ readRecord })(requestFor('old', 'theirs'), A, NOW)
    expect(managed).toMatchObject({ clientId: 'old', record: null, clientKey: null, place: null, isBound: false })
    expect(managed?.token?.reveal()).toBe('theirs')
    expect(readRecord.mock.calls).toEqual([[requestFor('old', 'theirs').location, expect.anything()]])
  })

  it.each<[string, JsonObject | null, VerifiedClient | null]>([
    ['names another owner', { ...theirs, software_owner: 'B' }, A],
    ['names no owner', { client_id: 'old' }, A],
    ['is of another client', { ...theirs, client_id: 'other' }, A],
    ['is of no client', { software_owner: 'A' }, A],
    ['does not exist', null, A],
    ['names an owner, to whoever has no certificate', theirs, null],
    ['names an owner, to whoever has a certificate that names none', theirs, certificateOf('nobody')],
    ['names none, to whoever has a certificate that names none', { client_id: 'old' }, certificateOf('nobody')],
  ])('is refused where its record %s', async (_, record, client) => {
    const { detail: _detail, ...told } = await findingOf(
      recognition({ readRecord: reading(record) })(requestFor('old', 'theirs'), client, NOW),
    )
    const { detail: _same, ...same } = tokenRejected('')
    expect(told).toEqual(same)
  })

  it('is refused where the policy does not say how its owner is named', async () => {
    const readRecord = reading(theirs)
    const policy = { client: { ...POLICY.client, registeredOwnerOf: null } }
    const { reason } = await findingOf(recognition({ readRecord, policy })(requestFor('old', 'theirs'), A, NOW))
    expect(reason).toBe('management-token-rejected')
    expect(readRecord).not.toHaveBeenCalled()
  })

  it('is not asked for with a token that one of our keys opens: what is bound stays bound', async () => {
    const readRecord = reading({ client_id: 'c1', software_owner: 'B' })
    const token = await tokenFor('c1')
    await findingOf(recognition({ readRecord })(requestFor('c1', token), certificateOf('B'), NOW))
    expect(readRecord).not.toHaveBeenCalled()
  })

  it('is neither admitted nor refused where the identity server gives no usable answer', async () => {
    const failure = refuse({ reason: 'upstream-failed', at: 'identity server', message: 'm' })
    const readRecord = () => Promise.reject(failure)
    await expect(recognition({ readRecord })(requestFor('old', 'theirs'), A, NOW)).rejects.toBe(failure)
  })

  it('has its realm from the endpoint, which a path that begins alike is not', async () => {
    const token = await tokenFor('c1', {}, { registrationUrl: new URL(`${REGISTRATION.href}s`) })
    expect((await findingOf(recognition()(requestFor('c1', token), A, NOW))).reason).toBe('management-token-rejected')
  })
})
