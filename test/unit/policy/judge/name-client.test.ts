import { describe, expect, it } from 'vitest'
import type { CertificateFacts } from '../../../../src/model/client.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import { buildCaseCertificate } from '../../../../src/policy/cases/build-case-certificate.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const STATEMENT = `
softwareStatement: { create: optional, update: optional, algorithms: [PS256], claims: { org_id: string, anything: dyn } }
`
const UNTOLD = {
  reason: 'rule-failed',
  at: 'software_statement',
  message: 'the client could not be told apart from others',
}

describe('the client key', () => {
  const keyOf = async (
    expression: string,
    claims: JsonObject | null,
    operation: 'create' | 'read' | 'update' | 'delete' = 'create',
  ): Promise<Verdict> =>
    judge(await loadPolicy(`${STATEMENT}client: { key: ${expression} }\n`), present({ claims, operation }))

  it('is what the policy says, of a registration and of an update', async () => {
    expect(await keyOf('statement.org_id', { org_id: 'o' })).toMatchObject({ clientKey: 'o', findings: [] })
    expect(await keyOf('statement.org_id', { org_id: 'o' }, 'update')).toMatchObject({ clientKey: 'o', findings: [] })
  })

  it('is none for a policy without, an optional without value, and empty text', async () => {
    expect(judge(await loadPolicy(''), present({})).clientKey).toBeNull()
    expect(await keyOf('statement.?org_id', {})).toMatchObject({ clientKey: null, findings: [] })
    expect(await keyOf('statement.?org_id', { org_id: '' })).toMatchObject({ clientKey: null, findings: [] })
  })

  it('is none of reading and deleting, which do not say for what software they are', async () => {
    for (const operation of ['read', 'delete'] as const)
      expect(await keyOf('request.operation', null, operation)).toMatchObject({ clientKey: null, findings: [] })
  })

  it('is none of an update without the statement that it is made of, and refuses a registration without', async () => {
    expect(await keyOf('statement.org_id', null, 'update')).toMatchObject({ clientKey: null, findings: [] })
    expect(await keyOf('statement.org_id', null)).toMatchObject({ clientKey: null, findings: [UNTOLD] })
    expect(await keyOf('request.clientId + "x"', null, 'update')).toMatchObject({ clientKey: 'x', findings: [] })
  })

  it.each<[string, JsonObject]>([
    ['No such key: anything', {}],
    ['the expression gives no text', { anything: 5 }],
    ['the expression gives no text', { anything: ['a'] }],
    ['it has more than 1024 characters', { anything: 'a'.repeat(1025) }],
  ])('that cannot be told (%s) refuses registrations and updates alike', async (detail, claims) => {
    for (const operation of ['create', 'update'] as const) {
      const verdict = await keyOf('statement.anything', claims, operation)
      expect(verdict).toMatchObject({ clientKey: null, findings: [{ ...UNTOLD, detail }] })
    }
  })

  it('may have 1024 characters', async () => {
    const longest = 'a'.repeat(1024)
    expect(await keyOf('statement.anything', { anything: longest })).toMatchObject({ clientKey: longest, findings: [] })
  })
})

describe('the owner of a client', () => {
  const judged = async (
    owner: string | null,
    certificate: CertificateFacts | null,
    operation: 'create' | 'read' | 'update' | 'delete' = 'create',
  ): Promise<Verdict> =>
    judge(
      await loadPolicy(`
clientCertificate: { required: false }
parameters: { prefix: { type: string, default: p, meaning: m } }
${owner === null ? '' : `client: { owner: '${owner}' }`}
`),
      present({ certificate, operation, parameters: { prefix: 'p' } }),
    )
  const named = (subject: string): CertificateFacts => buildCaseCertificate({ subject })
  const ORGANISATION = 'certificate.subject.O[?0]'

  it('is what the policy says of the certificate, by its parameters and the time', async () => {
    expect((await judged(ORGANISATION, named('CN=a,O=Larkfield'))).owner).toBe('Larkfield')
    const owner = 'parameters.prefix + " " + certificate.subject.O[0] + " " + string(now.getFullYear())'
    for (const operation of ['create', 'read', 'update', 'delete'] as const)
      expect(await judged(owner, named('O=b'), operation)).toMatchObject({ owner: 'p b 2026', findings: [] })
  })

  it('is the subject where the policy does not say, one text for all spellings that match (RFC 4517 section 4.2.15)', async () => {
    const { owner, findings } = await judged(null, named('CN=A  b,O=Larkfield'))
    expect(findings).toEqual([])
    expect(owner).not.toBeNull()
    expect((await judged(null, named('cn=a B,o=LARKFIELD'))).owner).toBe(owner)
    expect((await judged(null, named('CN=a,O=Larkfield'))).owner).not.toBe(owner)
    expect((await judged(null, named('O=Larkfield,CN=A b'))).owner).not.toBe(owner)
  })

  it('is nobody without a certificate, and nobody is refused for that here', async () => {
    expect(await judged(null, null)).toMatchObject({ owner: null, findings: [] })
    expect(await judged(ORGANISATION, null)).toMatchObject({ owner: null, findings: [] })
  })

  it.each<[string, string | null, string]>([
    ['the expression gives none', ORGANISATION, 'CN=a'],
    ['the expression gives none', '(certificate.subject.O + [""])[0]', 'CN=a'],
    ['No such key: 0', 'certificate.subject.O[0]', 'CN=a'],
    ['the expression gives no text', 'dyn(certificate.policies)', 'CN=a'],
    ['it has more than 1024 characters', ORGANISATION, `O=${'a'.repeat(1025)}`],
    ['it has more than 1024 characters', null, `CN=${'a'.repeat(1025)}`],
    ['the subject is empty', null, ''],
  ])('that the certificate does not tell (%s) refuses registrations and updates', async (detail, owner, subject) => {
    const finding = {
      reason: 'client-owner-unknown',
      at: 'client certificate',
      message: 'the client certificate does not tell to whom the client would belong',
      detail,
    }
    for (const operation of ['create', 'update'] as const)
      expect(await judged(owner, named(subject), operation)).toMatchObject({ owner: null, findings: [finding] })
    for (const operation of ['read', 'delete'] as const)
      expect(await judged(owner, named(subject), operation)).toMatchObject({ owner: null, findings: [] })
  })

  it('may have 1024 characters', async () => {
    const longest = 'a'.repeat(1024)
    expect(await judged(ORGANISATION, named(`O=${longest}`))).toMatchObject({ owner: longest, findings: [] })
  })
})
