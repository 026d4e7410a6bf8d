import { describe, expect, it } from 'vitest'
import { findOverlap } from '../../../src/endpoint/find-overlap.ts'
import { planOf, type PlanOptions } from './endpoint-fixture.ts'

const none = (): null => null

/** The request that both would take, with the certificates of `bank` and `fleet` apart. */
function overlapOf(left: PlanOptions, right: PlanOptions, shared: () => string | null = none): string | null {
  const [one, other] = [planOf(left), planOf({ name: 'other', ...right })]
  const found = findOverlap(one, other, shared)
  const reversed = findOverlap(other, one, shared)
  expect(reversed === null).toBe(found === null)
  return found?.request ?? null
}

const VOUCHED = { create: 'required', statementIssuers: ['A'], operations: ['create'] } as const
const SIGNING = { operations: ['create', 'update'], contentTypes: ['application/json', 'application/jose'] } as const
const signs = (create: 'required' | 'forbidden', update: 'required' | 'forbidden'): PlanOptions => ({
  ...{ ...SIGNING, signatureMode: { create, update, read: 'forbidden', delete: 'forbidden' } },
})
const OTHERWISE_VOUCHED = { ...VOUCHED, statementIssuers: ['B'] } as const

describe('two endpoints are apart', () => {
  it.each<[string, PlanOptions, PlanOptions]>([
    ['at two hosts', { host: 'a.example' }, { host: 'b.example' }],
    ['at two paths', {}, { path: '/other' }],
    ['that share no operation', { operations: ['create'] }, { operations: ['read', 'update', 'delete'] }],
    [
      'that share no content type, where neither is asked for what has no body',
      { operations: ['create', 'update'] },
      { operations: ['create', 'update'], contentTypes: ['application/jose'] },
    ],
    [
      'of which each takes signed what the other takes unsigned',
      signs('required', 'forbidden'),
      signs('forbidden', 'required'),
    ],
    ['with other trusted issuers', {}, { trust: 'fleet' }],
    ['with other trusted issuers, one of which lets clients come without', {}, { trust: 'fleet', required: false }],
    ['with statements of other issuers', VOUCHED, OTHERWISE_VOUCHED],
    ['of which one takes a statement always and one never', VOUCHED, { operations: ['create'] }],
  ])('%s', (_case, left, right) => {
    expect(overlapOf(left, right)).toBeNull()
  })
})

describe('two endpoints would take one request', () => {
  it.each<[string, PlanOptions, PlanOptions, string]>([
    [
      'when nothing tells them apart',
      {},
      {},
      'a create as application/json with a certificate of trust bank and without software statement',
    ],
    [
      'when content types tell apart what has a body, and nothing what has none',
      {},
      { contentTypes: ['application/jose'] },
      'a read with a certificate of trust bank',
    ],
    [
      'when one operation is signed at one alone, and another at both',
      signs('required', 'required'),
      signs('forbidden', 'required'),
      'an update as application/jose with a certificate of trust bank and without software statement',
    ],
    [
      'when statements tell apart what has one, and nothing what has none',
      { ...VOUCHED, operations: ['create', 'delete'] },
      { ...OTHERWISE_VOUCHED, operations: ['create', 'delete'] },
      'a delete with a certificate of trust bank',
    ],
    [
      'when both take clients without a certificate',
      { required: false },
      { required: false, trust: 'fleet' },
      'a create as application/json without client certificate and without software statement',
    ],
    [
      'when one directory has an issuer of the other',
      VOUCHED,
      { ...VOUCHED, statementIssuers: ['B', 'A'] },
      'a create as application/json with a certificate of trust bank and with a software statement of A',
    ],
    [
      'when neither demands a statement, whatever the issuers',
      { ...VOUCHED, create: 'optional' },
      { ...OTHERWISE_VOUCHED, create: 'optional' },
      'a create as application/json with a certificate of trust bank and without software statement',
    ],
    [
      'when they differ in what certificates must say, for one may say both',
      { operations: ['update'], anyOf: ['1.2.3'] },
      { operations: ['update'], anyOf: ['1.2.4'] },
      'an update as application/json with a certificate of trust bank and without software statement',
    ],
  ])('%s', (_case, left, right, request) => {
    expect(overlapOf(left, right)).toBe(request)
  })

  it('when their trusted issuers share an authority', () => {
    expect(overlapOf({ operations: ['read'] }, { trust: 'fleet' }, () => 'CN=Both')).toBe(
      'a read with a certificate of CN=Both, which trust bank and trust fleet hold',
    )
  })

  it('when the certificate cannot be judged before the statement is read, and it is said what would help', () => {
    const found = findOverlap(planOf(VOUCHED), planOf({ ...OTHERWISE_VOUCHED, anyOf: ['1.2.3'] }), none)
    expect(found?.request).toBe('a create as application/json with a certificate of trust bank')
    expect(found?.hint).toContain('need the same trustedIssuers and policies with the same clientCertificate')
  })
})
