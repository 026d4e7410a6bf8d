import { describe, expect, it } from 'vitest'
import { createForwarding } from '../../../src/forward/forward-registration.ts'
import type { Upstream } from '../../../src/forward/upstream.ts'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import { prove } from '../../../src/model/proof.ts'
import { Secret } from '../../../src/model/secret.ts'

const INITIAL = 'gw/Initial+Token~0123456789'
const MANAGEMENT = 'reg-Access.Token_abcdefghij'
const ISSUED = 'issued-By.IdentityServer_0123'
const SUCCESSOR = 'what-Came.After_issued-98765'
const CLIENT_SECRET = 'shared "secret" of client'

const REQUEST = { operation: 'update', location: { suffix: '/c1', query: '', clientId: 'c1' }, passedHeaders: {} }
const RESERVED: ReservedRegistration = prove('reserved', {
  approved: {
    evidence: {
      request: { ...REQUEST, managementToken: new Secret(MANAGEMENT) },
      client: null,
      managed: { token: new Secret(ISSUED) },
    },
    metadata: { client_name: 'Larkfield Ledger', client_secret: CLIENT_SECRET, deep: { list: [{ password: 'p-w' }] } },
    headers: {},
    once: [],
  },
  token: new Secret(SUCCESSOR),
  kept: null,
} as never)

function replyTo(status: number, body: string): Promise<UpstreamReply> {
  const upstream = { send: () => Promise.resolve({ status, body: Buffer.from(body) }) } as unknown as Upstream
  const target = {
    registrationUrl: new URL('http://idp.example/reg'),
    initialAccessToken: new Secret(INITIAL),
    markMember: null,
  }
  const forward = createForwarding({ upstream, target, jsonLimits: { depth: 8, values: 100 } })
  return forward(RESERVED, 'decision-1', new AbortController().signal)
}

/** Every character of it as JSON may also spell it. */
function escaped(text: string): string {
  return Array.from(text, (unit) => `\\u00${unit.charCodeAt(0).toString(16).toUpperCase()}`).join('')
}

function described(text: string): string {
  return `{"error":"invalid_request","error_description":"${text}"}`
}

describe('an error of the identity server that quotes what it was sent loses its words', () => {
  it.each([
    ['the token of the gateway', described(INITIAL)],
    ['the token of the registrant', described(`bad token ${MANAGEMENT}!`)],
    ["the identity server's own token of the client", described(ISSUED)],
    ['what replaced that', described(`token ${SUCCESSOR}`)],
    ['the secret of the client', described(CLIENT_SECRET.replaceAll('"', '\\"'))],
    ['a short secret deep in the metadata', described('password p-w is short')],
    ['a secret as the code', `{"error":"${MANAGEMENT}"}`],
    ['a secret as a member name', `{"error":"x","${MANAGEMENT}":1}`],
    ['a secret in a list', `{"error":"x","errors":[{"value":["${MANAGEMENT}"]}]}`],
    ['with a solidus escaped', described(INITIAL.replace('/', '\\/'))],
    ['with a plus escaped', described(INITIAL.replace('+', '\\u002B'))],
    ['with every character escaped', described(escaped(MANAGEMENT))],
    ['in a member name with escapes', `{"error":"x","${escaped(INITIAL)}":1}`],
    ['percent-encoded', described(encodeURIComponent(INITIAL))],
    ['in capitals', described(MANAGEMENT.toUpperCase())],
    ['its first eight characters', described(`${MANAGEMENT.slice(0, 8)}...`)],
    ['its last eight characters', described(`...${INITIAL.slice(-8)}`)],
    ['eight of its characters in the middle', described(`..${INITIAL.slice(5, 13)}..`)],
  ])('%s', async (_case, body) => {
    for (const status of [400, 401, 500])
      expect(await replyTo(status, body)).toEqual({ kind: 'answer', status, body: null })
  })

  it('and keeps them when it quotes no more than seven characters', async () => {
    const body = described(`token ${MANAGEMENT.slice(0, 7)}... of ${INITIAL.slice(-7)}`)
    expect(await replyTo(400, body)).toEqual({ kind: 'answer', status: 400, body: JSON.parse(body) as unknown })
  })
})

describe('a place in an answer that is no strict JSON', () => {
  it('is not shown when a member name in it quotes a secret', async () => {
    const reply = await replyTo(200, `{"${escaped(MANAGEMENT)}":{"a":1,"a":2}}`)
    expect(reply).toMatchObject({ kind: 'silence', finding: { detail: 'left out, since it quotes a secret' } })
  })

  it('is shown otherwise, and says where in the text it is when it has no name', async () => {
    const detailOf = async (body: string): Promise<unknown> => await replyTo(200, body)
    expect(await detailOf('{"a":{"b":1,"b":2}}')).toMatchObject({
      finding: { detail: 'status 200 with json-duplicate-member at a.b, offset 12' },
    })
    expect(await detailOf('<html>')).toMatchObject({
      finding: { detail: 'status 200 with json-malformed at offset 0' },
    })
  })
})

describe('a success', () => {
  it('holds the secrets of the registrant, for they are its own, but never the token of the gateway', async () => {
    const own = { client_id: 'c1', client_secret: CLIENT_SECRET, registration_access_token: MANAGEMENT }
    const body = { ...own, debug: { headers: [`Bearer ${INITIAL}`] }, [INITIAL]: true, near: INITIAL.slice(1) }
    expect(await replyTo(200, JSON.stringify(body))).toEqual({
      kind: 'answer',
      status: 200,
      body: { ...own, near: INITIAL.slice(1) },
    })
  })
})
