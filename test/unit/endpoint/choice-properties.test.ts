import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPlace } from '../../../src/endpoint/create-place.ts'
import { findOverlap } from '../../../src/endpoint/find-overlap.ts'
import type { EndpointPlan } from '../../../src/model/endpoint-plan.ts'
import { carriesMetadata, type Operation } from '../../../src/model/operation.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import type { RegistrationRequest } from '../../../src/model/registration-request.ts'
import { arrivalOf, OPERATIONS, peerOf, planOf, StagesFactory } from './endpoint-fixture.ts'

const RUNS = 400

/** Certificates by the folders that trust them; that of `both` is of an authority which two of them hold. */
const CERTIFICATES: Readonly<Record<string, readonly string[]>> = {
  bank: ['bank'],
  fleet: ['fleet'],
  partner: ['partner'],
  both: ['bank', 'partner'],
  foreign: [],
}
const shared = (left: string, right: string): string | null =>
  [left, right].sort().join() === 'bank,partner' ? 'an authority of both' : null

interface Sent {
  readonly operation: Operation
  /** Null without a body. */
  readonly contentType: string | null
  /** Null for none. */
  readonly certificate: string | null
  readonly issuer: string | null
}

/** Every request there can be, as far as endpoints differ in what they take. */
const REQUESTS: readonly Sent[] = OPERATIONS.flatMap((operation) =>
  [null, ...Object.keys(CERTIFICATES)].flatMap((certificate): readonly Sent[] =>
    carriesMetadata(operation)
      ? ['application/json', 'application/jose', 'text/plain'].flatMap((contentType) =>
          [null, 'A', 'B', 'X'].map((issuer) => ({ operation, contentType, certificate, issuer })),
        )
      : [{ operation, contentType: null, certificate, issuer: null }],
  ),
)

/** Written down anew, apart from the code: whether an endpoint takes a request. */
function takes(plan: EndpointPlan, { operation, contentType, certificate, issuer }: Sent): boolean {
  const mode = plan.statementMode[operation]
  const known = certificate === null ? !plan.policy.certificate.required : isTrusted(plan, certificate)
  const vouched =
    issuer === null ? mode !== 'required' : mode !== 'forbidden' && (plan.statementIssuers ?? []).includes(issuer)
  const typed = contentType === null || readable(plan, operation).includes(contentType)
  return plan.operations.includes(operation) && typed && known && vouched
}

/** Written down anew as well. */
function readable({ contentTypes, signatureMode }: EndpointPlan, operation: Operation): readonly string[] {
  const types = {
    required: ['application/jose'],
    optional: ['application/json', 'application/jose'],
    forbidden: ['application/json'],
  }
  return contentTypes.filter((type) => types[signatureMode[operation]].includes(type))
}

const isTrusted = (plan: EndpointPlan, certificate: string): boolean =>
  CERTIFICATES[certificate]?.includes(plan.trust) === true

const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
const mode = fc.constantFrom('required', 'optional', 'forbidden')
const NEVER_SIGNED = { read: fc.constant('forbidden'), delete: fc.constant('forbidden') } as const
const plans = fc.array(
  fc
    .record({
      ...{ operations: some(...OPERATIONS), contentTypes: some('application/json', 'application/jose') },
      ...{ trust: fc.constantFrom('bank', 'fleet', 'partner'), required: fc.boolean(), create: mode, update: mode },
      ...{ statementIssuers: some('A', 'B'), anyOf: fc.option(fc.constant(['1.2.3']), { nil: undefined }) },
      signatureMode: fc.record({ create: mode, update: mode, ...NEVER_SIGNED }),
    })
    .map(({ anyOf, ...options }) => planOf({ ...options, ...(anyOf === undefined ? {} : { anyOf }) })),
  { minLength: 1, maxLength: 5 },
)

/** Those of a list that load together. */
function loadable(list: readonly EndpointPlan[]): readonly EndpointPlan[] {
  return list.reduce<readonly EndpointPlan[]>(
    (kept, plan) => (kept.some((other) => findOverlap(other, plan, shared) !== null) ? kept : [...kept, plan]),
    [],
  )
}

/** The endpoint chosen, and the one that reads the body for all that are left; null where the request is refused before. */
async function choose(
  list: readonly EndpointPlan[],
  sent: Sent,
): Promise<{ chosen: unknown; reader: EndpointPlan } | null> {
  const factory = new StagesFactory((plan, { presented: [own] }) => {
    if (own === undefined) return plan.policy.certificate.required ? 'client-certificate-required' : null
    return isTrusted(plan, String(own)) ? null : 'client-certificate-issuer-unknown'
  })
  const route = { operation: sent.operation, location: null }
  const place = createPlace(
    list.map((plan) => factory.make(plan)),
    {
      ...{ route: () => route, contentTypeOf: () => sent.contentType, readIssuer: (compact: string) => compact },
      limitClient: () => Promise.resolve(),
    },
  )
  const arrival = arrivalOf(sent.certificate === null ? peerOf() : peerOf(sent.certificate))
  try {
    const approach = await place.narrow(arrival, route)
    const request = { operation: sent.operation, softwareStatement: sent.issuer } as RegistrationRequest
    const reader = await approach.read(arrival, route)
    return { chosen: approach.choose(request).endpoint, reader: reader as unknown as EndpointPlan }
  } catch (failure) {
    if (failure instanceof Refusal) return null
    throw failure
  }
}

it(`no request is taken by two endpoints that load together (${RUNS} runs)`, () => {
  let several = 0
  fc.assert(
    fc.property(plans, (list) => {
      const loaded = loadable(list)
      if (loaded.length > 1) several += 1
      for (const sent of REQUESTS) expect(loaded.filter((plan) => takes(plan, sent)).length).toBeLessThan(2)
    }),
    { numRuns: RUNS },
  )
  // Or it would hold for want of anything to choose from.
  expect(several).toBeGreaterThan(RUNS / 20)
})

it(`whatever request one endpoint takes comes to that one, whatever others stand beside it (${RUNS} runs)`, async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.constantFrom(...REQUESTS), async (list, sent) => {
      const loaded = loadable(list)
      const taker = loaded.find((plan) => takes(plan, sent))
      const outcome = await choose(loaded, sent)
      // What nobody takes may still come to one of them, to be refused there in its words.
      if (taker !== undefined) expect(outcome?.chosen).toBe(taker)
    }),
    { numRuns: RUNS },
  )
})

it(`no body is read by an endpoint that does not take its type for that operation (${RUNS} runs)`, async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.constantFrom(...REQUESTS), async (list, sent) => {
      const reader = (await choose(loadable(list), sent))?.reader
      if (reader === undefined || sent.contentType === null) return
      expect(readable(reader, sent.operation)).toContain(sent.contentType)
    }),
    { numRuns: RUNS },
  )
})

it(`endpoints are refused to load for a request that both take, unless better certificates are asked for (${RUNS} runs)`, () => {
  fc.assert(
    fc.property(plans, ([left, right]) => {
      if (left === undefined || right === undefined) return
      const overlap = findOverlap(left, right, shared)
      if (overlap?.hint !== null) return
      expect(REQUESTS.some((sent) => takes(left, sent) && takes(right, sent))).toBe(true)
    }),
    { numRuns: RUNS },
  )
})
