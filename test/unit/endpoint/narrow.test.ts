import { describe, expect, it } from 'vitest'
import { createPlace } from '../../../src/endpoint/create-place.ts'
import type { ClientFacts, VerifiedClient } from '../../../src/model/client.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { prove } from '../../../src/model/proof.ts'
import type { Reason } from '../../../src/model/reasons.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import type { Approach, Stages } from '../../../src/model/stages.ts'
import { refusalOf } from '../request/refusal-of.ts'
import { arrivalOf, peerOf, planOf, StagesFactory, type Acceptance, type PlanOptions } from './endpoint-fixture.ts'

/** How endpoints with these trusted issuers receive a certificate. */
type Reception = Readonly<Record<string, Acceptance>>

function stagesOf(reception: Reception, plans: readonly PlanOptions[]): readonly Stages[] {
  const factory = new StagesFactory(({ trust }) => reception[trust] ?? null)
  return plans.map((plan, index) => factory.make(planOf({ name: `endpoint ${index}`, ...plan })))
}

const limitClient = (): Promise<void> => Promise.resolve()

function narrow(endpoints: readonly Stages[], operation: Operation, contentType: string | null): Promise<Approach> {
  const route = { operation, location: null }
  const place = createPlace(endpoints, {
    route: () => route,
    contentTypeOf: () => contentType,
    readIssuer: () => null,
    limitClient,
  })
  return place.narrow(arrivalOf(peerOf('leaf')), route)
}

const nameOf = ({ endpoints }: Approach): string => endpoints.map(({ name }) => name).join(' or ')

describe('the head of a request', () => {
  const endpoints = stagesOf({}, [
    { operations: ['create'], contentTypes: ['application/json', 'application/jwt'] },
    { operations: ['create', 'update'], contentTypes: ['application/jose'] },
    { operations: ['read'], contentTypes: ['application/jose'] },
  ])

  it.each<[Operation, string | null, string]>([
    ['create', 'application/json', 'endpoint 0'],
    ['create', 'application/jwt', 'endpoint 0'],
    ['create', 'application/jose', 'endpoint 1'],
    ['update', 'application/jose', 'endpoint 1'],
    ['read', null, 'endpoint 2'],
    ['read', 'application/json', 'endpoint 2'],
  ])('leads %s as %s to %s', async (operation, contentType, name) => {
    expect(nameOf(await narrow(endpoints, operation, contentType))).toBe(name)
  })

  it('of an operation that no endpoint takes is refused, with the methods of those that some do [RFC 9110 15.5.6]', async () => {
    const finding = await refusalOf(() => narrow(endpoints, 'delete', null))
    expect(finding).toMatchObject({ reason: 'method-not-allowed', wanted: 'GET, PUT' })
    const readers = stagesOf({}, [{ operations: ['read'] }])
    const create = await refusalOf(() => narrow(readers, 'create', 'application/json'))
    expect(create).toMatchObject({ reason: 'method-not-allowed', message: 'clients are not registered here' })
    expect(create).not.toHaveProperty('wanted')
  })

  it.each<[Operation, string | null, string]>([
    ['create', 'text/plain', 'application/json or application/jwt or application/jose'],
    ['create', null, 'application/json or application/jwt or application/jose'],
    ['update', 'application/json', 'application/jose'],
  ])('of a content type that no endpoint takes for %s is refused: %s', async (operation, contentType, wanted) => {
    expect(await refusalOf(() => narrow(endpoints, operation, contentType))).toMatchObject({
      ...{ reason: 'content-type-unsupported', at: 'header content-type', wanted },
    })
  })
})

describe('who may sign', () => {
  const contentTypes = ['application/json', 'application/jose']
  const signs = (create: 'required' | 'optional' | 'forbidden'): PlanOptions => ({
    ...{ contentTypes, signatureMode: { create, update: 'optional', read: 'forbidden', delete: 'forbidden' } },
  })
  const [must, may, mustNot] = [signs('required'), signs('optional'), signs('forbidden')]

  it.each<[string, readonly PlanOptions[], string, string]>([
    ['unsigned', [must, may], 'application/json', 'endpoint 1'],
    ['signed', [must, may], 'application/jose', 'endpoint 0 or endpoint 1'],
    ['unsigned', [must, mustNot], 'application/json', 'endpoint 1'],
    ['signed', [mustNot, may], 'application/jose', 'endpoint 1'],
    ['unsigned', [mustNot, may], 'application/json', 'endpoint 0 or endpoint 1'],
  ])('decides for each operation by itself: %s of %j as %s comes to %s', async (_case, plans, contentType, name) => {
    expect(nameOf(await narrow(stagesOf({}, plans), 'create', contentType))).toBe(name)
    expect(nameOf(await narrow(stagesOf({}, plans), 'update', contentType))).toBe('endpoint 0 or endpoint 1')
  })

  it.each<[string, readonly PlanOptions[], string, Reason, string]>([
    ['all sign', [must, must], 'application/json', 'request-unsigned', 'application/jose'],
    ['nobody signs', [mustNot, mustNot], 'application/jose', 'request-signature-forbidden', 'application/json'],
    ['nobody signs', [mustNot], 'application/jwt', 'content-type-unsupported', 'application/json'],
    [
      ...(['one signs under another type', [mustNot, { ...must, contentTypes: ['application/jwt'] }]] as const),
      ...(['application/jose', 'content-type-unsupported', 'application/json or application/jwt'] as const),
    ],
  ])('is told to the others: where %s (%j) %s is %s', async (_case, plans, contentType, reason, wanted) => {
    const finding = await refusalOf(() => narrow(stagesOf({}, plans), 'create', contentType))
    expect(finding).toMatchObject({ reason, at: 'header content-type', wanted })
  })
})

const UNKNOWN: Reason = 'client-certificate-issuer-unknown'
const FORGED: Reason = 'client-certificate-signature-invalid'
const EXPIRED: Reason = 'client-certificate-expired'
const REVOKED: Reason = 'client-certificate-revoked'
const MISSING: Reason = 'client-certificate-required'
const MALFORMED: Reason = 'client-certificate-malformed'

describe('the client certificate', () => {
  const recognise = (bank: Acceptance, fleet: Acceptance): Promise<Approach> =>
    narrow(stagesOf({ bank, fleet }, [{ trust: 'bank' }, { trust: 'fleet' }]), 'read', null)

  it.each<[string, Acceptance, Acceptance, string]>([
    ['the issuers that know it', null, UNKNOWN, 'endpoint 0'],
    ['the issuers that know it, in whatever order', UNKNOWN, null, 'endpoint 1'],
    ['those whose names it has and whose signature it has', FORGED, null, 'endpoint 1'],
    ['those that let clients come without, when there is none', MISSING, null, 'endpoint 1'],
    ['the issuers that know it, though they refuse it', UNKNOWN, EXPIRED, 'endpoint 1'],
  ])('leads to %s', async (_case, bank, fleet, name) => {
    expect(nameOf(await recognise(bank, fleet))).toBe(name)
  })

  it.each<[string, Acceptance, Acceptance, Reason]>([
    ['no issuer knows it', UNKNOWN, UNKNOWN, UNKNOWN],
    ['one has the name of its issuer, and another key', UNKNOWN, FORGED, FORGED],
    ['there is none and all demand one', MISSING, MISSING, MISSING],
    ['all say the same of it', MALFORMED, MALFORMED, MALFORMED],
    ['two know it and neither accepts it', REVOKED, EXPIRED, REVOKED],
  ])('is refused in the name of all, by those that came closest, where %s', async (_case, bank, fleet, reason) => {
    expect(await refusalOf(() => recognise(bank, fleet))).toMatchObject({ reason })
  })

  it('is refused there in their own words: the choice proves nothing', async () => {
    const approach = await recognise(UNKNOWN, EXPIRED)
    expect(await refusalOf(() => approach.identify(peerOf('leaf'), new Date(0)))).toMatchObject({
      ...{ reason: EXPIRED, message: 'refused by fleet' },
    })
  })

  it.each([
    ['accepted by two', null, null],
    ['accepted by one and revoked by another, which must not lead to the laxer one', REVOKED, null],
    ['accepted by one and expired at another', null, EXPIRED],
  ])('is ambiguous where it is %s', async (_case, bank, fleet) => {
    expect(await refusalOf(() => recognise(bank, fleet))).toMatchObject({
      ...{ reason: 'client-certificate-ambiguous', detail: 'endpoints endpoint 0, endpoint 1' },
    })
  })

  it('is not asked about where all endpoints would identify it alike', async () => {
    const approach = await narrow(stagesOf({ bank: REVOKED }, [{}, { create: 'required' }]), 'read', null)
    expect(nameOf(approach)).toBe('endpoint 0 or endpoint 1')
  })

  it('leads nowhere where a stage fails in a way nobody foresaw', async () => {
    const [one, other] = stagesOf({}, [{ trust: 'bank' }, { trust: 'fleet' }])
    if (one === undefined || other === undefined) throw new Error('two were made')
    const broken = { ...other, identify: () => Promise.reject(new TypeError('of ours')) }
    await expect(narrow([one, broken], 'read', null)).rejects.toThrow('of ours')
  })
})

describe('the limit of a client', () => {
  const client = prove('client', { trust: 'bank' } as ClientFacts)
  const owned = (...owners: readonly (string | null)[]): readonly Stages[] =>
    stagesOf(
      {},
      owners.map(() => ({})),
    ).map((stages, index) => ({ ...stages, ownerOf: () => owners[index] ?? null }))

  async function limited(endpoints: readonly Stages[], known: VerifiedClient | null): Promise<unknown[]> {
    const calls: unknown[] = []
    const route = { operation: 'read', location: null } as const
    const options = { route: () => route, contentTypeOf: () => null, readIssuer: () => null }
    const place = createPlace(endpoints, {
      ...options,
      limitClient: (given, ownersOf) => Promise.resolve(void calls.push([given, ownersOf()])),
    })
    await (await place.narrow(arrivalOf(peerOf('leaf')), route)).limitClient(known, new Date(0))
    return calls
  }

  it('holds it by every owner that a policy sees in it which may still judge', async () => {
    expect(await limited(owned('software', null, 'organisation'), client)).toEqual([
      [client, ['software', 'organisation']],
    ])
  })

  it('leaves out who has no certificate', async () => {
    expect(await limited(owned('software'), null)).toEqual([])
  })
})

describe('refusals in the name of several endpoints', () => {
  it('have the words on which all of them agree', () => {
    const factory = new StagesFactory(() => null)
    const [agreed, own] = [{ clause: '7', status: 403 }, { clause: '8' }]
    const endpoints = [
      factory.make(planOf(), { 'body-missing': agreed, 'body-too-slow': own, 'body-too-large': own }),
      factory.make(planOf(), { 'body-missing': { ...agreed }, 'body-too-slow': agreed }),
    ]
    const options = { route: () => ({ operation: 'read', location: null }) as const, contentTypeOf: () => null }
    const { reasons } = createPlace(endpoints, { ...options, readIssuer: () => null, limitClient })
    expect(reasons).toEqual({ 'body-missing': agreed })
    const finding: Finding = { reason: 'body-missing', at: 'body', message: 'm' }
    expect(new Refusal([finding]).wordedAs(reasons).findings[0]).toMatchObject(agreed)
  })
})
