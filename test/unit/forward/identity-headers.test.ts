import { describe, expect, it } from 'vitest'
import { buildIdentityHeaders } from '../../../src/forward/identity-headers.ts'
import type { ApprovedRegistration } from '../../../src/model/decision.ts'

const FORGED = 'forged'

/** What identity servers and the proxies before them read a verified client from. */
const IDENTITY_HEADERS = [
  'client-cert',
  'client-cert-chain',
  'ssl-client-cert',
  'ssl-client-subject-dn',
  'ssl-client-verify',
  'x-client-cert',
  'x-client-ssl-cert',
  'x-forwarded-client-cert',
  'x-forwarded-tls-client-cert',
  'x-forwarded-tls-client-cert-info',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'x-ssl-client-dn',
  'x-ssl-client-verify',
  'x-tlsclientcert',
  'x-tlsclientcertcn',
  'x-tlsclientcertthumbprint',
]

const GATEWAY_HEADERS = [
  'authorization',
  'content-length',
  'decision-id',
  'host',
  'transfer-encoding',
  'x-forwarded-for',
]

const POLICY_HEADERS = { 'X-Org-Id': 'org-1', 'software-roles': 'DADOS' }

const CLIENT = { clientCertHeader: ':bGVhZg==:', clientCertChainHeader: ':aXNzdWVy:' }

interface Given {
  readonly passed?: Readonly<Record<string, string>>
  readonly policy?: Readonly<Record<string, string>>
  readonly client?: typeof CLIENT | null
}

function headersFor({ passed = {}, policy = {}, client = null }: Given): Record<string, string> {
  const evidence = { request: { passedHeaders: passed }, client }
  return buildIdentityHeaders({ evidence, headers: policy } as unknown as ApprovedRegistration)
}

function spellingsOf(name: string): string[] {
  const title = name.replace(/(^|-)([a-z])/g, (letters) => letters.toUpperCase())
  const dashed = [name, name.toUpperCase(), title]
  return [...new Set([...dashed, ...dashed.map((each) => each.replaceAll('-', '_')), name.replace('-', '_')])]
}

function forged(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap(spellingsOf).map((name) => [name, FORGED]))
}

describe('headers that say whom the gateway verified', () => {
  it.each([...IDENTITY_HEADERS, ...GATEWAY_HEADERS])(
    'never come from a registrant without certificate, however spelled: %s',
    (name) => {
      expect(headersFor({ passed: forged([name]) })).toEqual({})
    },
  )

  it('are ours alone when a registrant with a certificate forges all of them at once', () => {
    const passed = forged([...IDENTITY_HEADERS, ...GATEWAY_HEADERS, 'X-Org-Id', 'software-roles'])
    expect(headersFor({ passed, policy: POLICY_HEADERS, client: CLIENT })).toEqual({
      'client-cert': ':bGVhZg==:',
      'client-cert-chain': ':aXNzdWVy:',
      ...POLICY_HEADERS,
    })
  })

  it('are the leaf alone when there is no intermediate, a forged chain not standing in for it (RFC 9440 2.2)', () => {
    const passed = forged(['client-cert-chain'])
    expect(headersFor({ passed, client: { ...CLIENT, clientCertChainHeader: '' } })).toEqual({
      'client-cert': ':bGVhZg==:',
    })
  })

  it.each(Object.entries(POLICY_HEADERS))('never come from a registrant where the policy sets %s', (name, value) => {
    const spellings = [...spellingsOf(name.toLowerCase()), name]
    const passed = Object.fromEntries(spellings.map((spelling) => [spelling, FORGED]))
    expect(headersFor({ passed, policy: { [name]: value } })).toEqual({ [name]: value })
  })

  it('leave alone what the endpoint lets through, name and value unchanged', () => {
    const passed = { traceparent: '00-1', 'x-fapi-interaction-id': ' a b ', 'client-certificate-note': 'n' }
    expect(headersFor({ passed, policy: POLICY_HEADERS, client: CLIENT })).toEqual({
      ...passed,
      ...POLICY_HEADERS,
      'client-cert': ':bGVhZg==:',
      'client-cert-chain': ':aXNzdWVy:',
    })
  })
})
