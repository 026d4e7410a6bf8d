import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import type { UpstreamAnswer } from '../../../src/model/answer.ts'
import type { VerifiedClient } from '../../../src/model/client.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { ManagedClient } from '../../../src/model/managed-client.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { Policy } from '../../../src/model/policy.ts'
import { prove } from '../../../src/model/proof.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import type { RegistrationRequest } from '../../../src/model/registration-request.ts'
import { Secret } from '../../../src/model/secret.ts'
import { createBinding, type BindingOptions } from '../../../src/management/bind-answer.ts'
import { createRecognition, type RecognitionOptions } from '../../../src/management/recognise-client.ts'
import { createKeyRing, type KeyRing } from '../../../src/sealing/key-ring.ts'

export const NOW = new Date('2026-01-01T12:00:00Z')
export const REGISTRATION = new URL('https://idp.example/oauth/reg')

export function newRing(): KeyRing {
  return createKeyRing([{ id: 'k1', key: new Secret(randomBytes(32).toString('base64url')) }])
}
export const RING = newRing()

/** A certificate whose common name is its owner's, as this policy sees it; all else may change when it is renewed. */
export function certificateOf(
  owner: string,
  { trust = 'scheme', thumbprint = 't1', others = '' } = {},
): VerifiedClient {
  const subject = parseDistinguishedName(`${others}CN=${owner}`)
  return prove('client', { certificate: { subject, thumbprint }, trust } as never)
}

/** The owner is the common name; a certificate without names nobody. */
export const POLICY: Pick<Policy, 'client'> = {
  client: {
    single: true,
    ownerOf: (client) => (client === null ? null : commonNameOf(client)),
    registeredOwnerOf: ({ software_owner: owner }) => (typeof owner === 'string' ? owner : null),
  },
}

function commonNameOf({ certificate }: VerifiedClient): string | null {
  const name = certificate.subject.flat().find(({ oid }) => oid === '2.5.4.3')?.value ?? null
  return name === 'nobody' ? null : name
}

export function requestFor(clientId: string, token: string | null, operation: Operation = 'read'): RegistrationRequest {
  const location = { suffix: `/${clientId}`, query: '', clientId }
  const managementToken = token === null ? null : new Secret(token)
  return { operation, location, managementToken } as unknown as RegistrationRequest
}

export function recognition(options: Partial<RecognitionOptions> = {}) {
  return createRecognition({ ring: RING, realm: REGISTRATION.pathname, policy: POLICY, readRecord: null, ...options })
}

export interface Bound {
  readonly operation?: Operation
  readonly client?: VerifiedClient | null
  readonly owner?: string | null
  readonly key?: string | null
  readonly record?: string | null
  readonly managed?: ManagedClient | null
  readonly kept?: UpstreamAnswer | null
  /** What manages the client now; that of `managed` when left out. */
  readonly token?: Secret | null
}

export function reservedFor(bound: Bound = {}): ReservedRegistration {
  const { operation = 'create', client = certificateOf('A'), owner = 'A', key = 'software-1' } = bound
  const { record = 'record-1', managed = null, kept = null, token = managed?.token ?? null } = bound
  const evidence = { request: { operation }, client, managed }
  const approved = { evidence, clientKey: key, owner }
  return prove('reserved', { approved, registration: 'r1', record, token, kept } as never)
}

export const answer = (body: JsonObject | null, status = 200): UpstreamAnswer => ({ kind: 'answer', status, body })

/** What the identity server answers for a client. */
export function clientBody(clientId: string, token: string | null = `token-of-${clientId}`): JsonObject {
  const uri = `${REGISTRATION.href}/${clientId}`
  return {
    client_id: clientId,
    ...(token === null ? {} : { registration_access_token: token, registration_client_uri: uri }),
  }
}

export async function bind(
  body: JsonObject,
  bound: Bound = {},
  options: Partial<BindingOptions> = {},
): Promise<JsonObject> {
  const binding = createBinding({ ring: RING, registrationUrl: REGISTRATION, management: 'forward', ...options })
  const reply = await binding(answer(body, 201), reservedFor(bound))
  if (reply.kind !== 'answer' || reply.body === null) throw new Error('no answer')
  return reply.body
}

/** The token that the gateway gives A, or another, for a client. */
export async function tokenFor(
  clientId: string,
  bound: Bound = {},
  options: Partial<BindingOptions> = {},
): Promise<string> {
  const { registration_access_token: token } = await bind(clientBody(clientId), bound, options)
  if (typeof token !== 'string') throw new Error('no token')
  return token
}

export async function findingOf(outcome: Promise<unknown>): Promise<Finding> {
  const failure: unknown = await outcome.then(
    () => 'no refusal',
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Refusal)
  return (failure as Refusal).findings[0]
}
