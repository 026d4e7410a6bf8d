import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAuditRecord } from '../../../src/audit/audit-record.ts'
import { openAuditTrail } from '../../../src/audit/audit-trail.ts'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { prove } from '../../../src/model/proof.ts'
import { refuse } from '../../../src/model/refusal.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { Endpoint, Exchange } from '../../../src/model/stages.ts'
import { distinguishedName } from '../../support/mint-subject.ts'

const exchange: Exchange = {
  arrival: {
    decisionId: 'decision-1',
    receivedAt: new Date('2026-01-01T12:00:00Z'),
    peer: {
      address: '192.0.2.1',
      tlsVersion: 'TLSv1.3',
      serverName: null,
      presented: [Buffer.from('leaf')],
      openssl: null,
    },
    method: 'PUT',
    target: '/register/abc?secret=query',
    rawHeaders: ['authorization', 'Bearer header-secret'],
    body: Readable.from([]),
    gone: new AbortController().signal,
  },
  route: { operation: 'update', location: { suffix: '/abc', query: 'secret=query', clientId: 'abc' } },
  request: {
    operation: 'update',
    location: { suffix: '/abc', query: 'secret=query', clientId: 'abc' },
    managementToken: new Secret('token-secret'),
    metadata: { client_secret: 'metadata-secret', ['x'.repeat(1000)]: 1 },
    softwareStatement: 'statement-secret',
    passedHeaders: { 'x-passed': 'header-secret' },
    bodyBytes: 42,
    contentType: 'application/json',
    signed: null,
  },
  refusal: refuse({
    reason: 'rule-broken',
    rule: 'one',
    clause: '1.1',
    at: 'scope',
    message: 'is wrong',
    wanted: 'a',
    found: 'b',
    detail: 'x'.repeat(100_000),
  }),
  answer: { status: 400, headers: {}, body: { error: 'invalid_client_metadata', client_secret: 'answer-secret' } },
  timings: { route: 1, answer: 2 },
}

describe('the audit record', () => {
  it('has exactly these fields', () => {
    expect(Object.keys(buildAuditRecord(exchange))).toEqual([
      'event',
      'decisionId',
      'receivedAt',
      'decision',
      'method',
      'operation',
      'status',
      'error',
      'reason',
      'findings',
      'reported',
      'usedOnce',
      'endpoint',
      'candidates',
      'policy',
      'clientId',
      'connection',
      'certificate',
      'statement',
      'lookups',
      'signature',
      'metadataMembers',
      'contentType',
      'bodyBytes',
      'upstream',
      'timings',
      'approved',
      'facts',
    ])
  })

  it('names the endpoint and its policy, or all endpoints that were still in question', () => {
    const policy = { name: 'bank', version: '1', sha256: 'ff' }
    const [one, other] = ['one', 'other'].map((name) => ({ name, policy }) as Endpoint)
    if (one === undefined || other === undefined) throw new Error('two were made')
    const recorded = (endpoints: readonly Endpoint[]) => buildAuditRecord({ ...exchange, endpoints })
    expect(recorded([one])).toMatchObject({ endpoint: 'one', candidates: [], policy })
    expect(recorded([one, other])).toMatchObject({ endpoint: null, candidates: ['one', 'other'], policy: null })
    expect(buildAuditRecord(exchange)).toMatchObject({ endpoint: null, candidates: [], policy: null })
  })

  it('holds no token, statement, header, query or value of the body', () => {
    expect(JSON.stringify(buildAuditRecord(exchange))).not.toMatch(
      /(token|statement|header|metadata|answer)-secret|secret=query/,
    )
  })

  it('stays small whatever a registrant sends (nobody may fill the disk by being refused)', () => {
    expect(JSON.stringify(buildAuditRecord(exchange)).length).toBeLessThan(3000)
  })

  it('names the members that were sent, cut short, and never their values', () => {
    expect(buildAuditRecord(exchange)['metadataMembers']).toEqual(['client_secret', 'x'.repeat(64)])
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`m${index}`, index]))
    const request = exchange.request === undefined ? undefined : { ...exchange.request, metadata: many }
    const members = buildAuditRecord({ ...exchange, request } as Exchange)['metadataMembers']
    expect(members).toEqual(Array.from({ length: 100 }, (_, index) => `m${index}`))
    expect(buildAuditRecord({ ...exchange, request: undefined } as unknown as Exchange)).toMatchObject({
      metadataMembers: null,
      bodyBytes: null,
    })
  })

  it('tells of rules that were broken and only reported, though the request was granted', () => {
    const reported = [
      { reason: 'rule-broken', rule: 'two', at: 'scope', message: 'is wrong', found: 'y'.repeat(600) },
    ] as const
    const granted = { ...exchange, refusal: undefined, approved: prove('approved', { reported } as never) }
    expect(buildAuditRecord(granted as unknown as Exchange)).toMatchObject({
      decision: 'granted',
      findings: [],
      reported: [
        { reason: 'rule-broken', rule: 'two', at: 'scope', message: 'is wrong', found: `${'y'.repeat(500)}…` },
      ],
    })
    expect(buildAuditRecord(exchange)['reported']).toEqual([])
  })

  it.each([
    ['what was used up where the identity server registered', { kind: 'answer', status: 201, body: null }, ['jti']],
    ['nothing used up where it refused', { kind: 'answer', status: 400, body: null }, []],
    ['what was used up where it was asked and stayed silent', { kind: 'silence', sent: true }, ['jti']],
    ['nothing used up where it could not be asked', { kind: 'silence', sent: false }, []],
    ['nothing used up where it was not asked', undefined, []],
  ])('tells of %s, by the ids of the policy and never by the keys', (_, reply, used) => {
    const approved = prove('approved', { reported: [], once: [{ id: 'jti', key: 'key-secret' }] } as never)
    const record = buildAuditRecord({ ...exchange, approved, reply } as unknown as Exchange)
    expect(record['usedOnce']).toEqual(used)
    expect(JSON.stringify(record)).not.toContain('key-secret')
  })

  it('names error and client by what was decided, whatever form the regime gives to its answers', () => {
    const answer = { status: 401, headers: {}, body: { tppMessages: [] } }
    const refusal = refuse({ reason: 'rule-broken', at: 'a', message: 'm', error: 'invalid_token' })
    expect(buildAuditRecord({ ...exchange, answer, refusal })['error']).toBe('invalid_token')
    expect(buildAuditRecord({ ...exchange, answer })['error']).toBe('invalid_client_metadata')
    const created = { ...exchange, refusal: undefined, answer: { status: 204, headers: {}, body: null } }
    const reply = { kind: 'answer', status: 201, body: { client_id: 'abc' } }
    const approved = prove('approved', { reported: [], once: [] } as never)
    const route = { operation: 'create', location: null }
    expect(buildAuditRecord({ ...created, approved, reply, route } as unknown as Exchange)).toMatchObject({
      clientId: 'abc',
      error: null,
    })
  })

  it('names a finding of a built-in check by its reason', () => {
    const refusal = refuse({ reason: 'body-too-large', at: 'body', message: 'm' })
    expect(buildAuditRecord({ ...exchange, refusal })['findings']).toMatchObject([
      { reason: 'body-too-large', rule: 'body-too-large' },
    ])
  })

  it('names the presented certificate even when it was refused', () => {
    expect(buildAuditRecord(exchange)).toMatchObject({
      certificate: null,
      connection: { presentedThumbprint: 'n5EWH0NDPkmm3m22gNefYBWfLkrJFyYhoShGQoFYRAs' },
    })
  })

  it('names a certificate so that its name cannot begin a line or hide the rest of one', () => {
    const subject = distinguishedName([['CN', 'a\n{"event":"decision"}\0\u202eb']])
    const certificate = { subject, issuer: subject, serialNumber: '1', thumbprint: 't', notAfter: new Date(0) }
    const client = { certificate, trust: 'example' } as unknown as VerifiedClient
    const record = buildAuditRecord({ ...exchange, client })
    expect(record['certificate']).toMatchObject({
      subject: String.raw`CN=a\0A{\"event\":\"decision\"}\00\E2\80\AEb`,
    })
    expect(JSON.stringify(record['certificate'])).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it.each([
    [{ refusal: undefined }, 'granted'],
    [{}, 'refused'],
    [{ answer: { ...exchange.answer, status: 503 } }, 'failed'],
    [
      { reply: { kind: 'silence', sent: true, finding: { reason: 'registrant-gone', at: 'a', message: 'm' } } },
      'failed',
    ],
  ] as const)('calls %j %s', (change, decision) => {
    expect(buildAuditRecord({ ...exchange, ...change } as Exchange)['decision']).toBe(decision)
  })
})

describe('the audit trail', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dcr-audit-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has each record in the file when record() returns', async () => {
    const file = join(folder, 'audit.jsonl')
    const trail = openAuditTrail({ file, onFailure: () => expect.unreachable() })
    trail.record(exchange)
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ event, level }) => [event, level])).toEqual([
      ['opened', 'info'],
      ['decision', 'info'],
    ])
    trail.close()
  })

  it('knows from the start that it cannot be written, and hands over what it could not write', () => {
    const lost: string[] = []
    const trail = openAuditTrail({
      file: '/dev/full',
      onFailure: ({ message }, line) => lost.push(`${message.slice(0, 6)} ${line}`),
    })
    expect(trail.isWritable()).toBe(false)
    trail.record(exchange)
    expect(lost).toHaveLength(2)
    expect(lost[1]).toMatch(/^ENOSPC .*"decisionId":"decision-1"/)
    trail.close()
  })

  it('makes no folder, which would hide that its name is misspelt', async () => {
    const file = join(folder, 'new', 'audit.jsonl')
    expect(() => openAuditTrail({ file, onFailure: () => undefined })).toThrow('ENOENT')
    expect(await readdir(folder)).not.toContain('new')
  })

  it('does not open where there can be no file', () => {
    expect(() => openAuditTrail({ file: '/dev/null/audit.jsonl', onFailure: () => undefined })).toThrow()
  })
})
