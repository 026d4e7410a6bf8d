import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { PLAIN_ANSWER } from '../../../support/plain-answer.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: optional
  update: optional
  algorithms: [PS256]
  claims: { software_id: string, roles: list(string), anything: dyn }
members: { client_name: string }
response:
`
interface Given {
  readonly sent?: JsonObject
  readonly claims?: JsonObject | null
  readonly operation?: Operation
  readonly headers?: Readonly<Record<string, string>>
}

async function planned(response: string, given: Given = {}): Promise<Verdict> {
  return judge(await loadPolicy(HEAD + response), present(given))
}

const SET = `  set: { software_id: statement.?software_id, roles: statement.?roles, client_name: metadata.client_name, fixed: '{"a": [1]}' }`
const SENT = { client_name: 'n' }

describe('the plan of an answer', () => {
  it('is empty where the policy says nothing', async () => {
    expect((await planned('  echoStatement: false')).answer).toEqual(PLAIN_ANSWER)
  })

  it('has the members that the policy gives, an optional without value giving none', async () => {
    const claims = { software_id: 's' }
    expect((await planned(SET, { sent: SENT, claims })).answer.sets).toEqual({
      software_id: 's',
      client_name: 'n',
      fixed: { a: [1] },
    })
  })

  it('leaves out of a read what rests on metadata or a statement, which it has not', async () => {
    const { answer, findings } = await planned(SET, { operation: 'read' })
    expect({ sets: answer.sets, findings }).toEqual({ sets: { fixed: { a: [1] } }, findings: [] })
  })

  it('refuses before anything is sent where a member cannot be given (fail closed)', async () => {
    expect((await planned(SET, { claims: {} })).findings).toEqual([
      {
        reason: 'rule-failed',
        at: 'response',
        message: 'a fact that the answer must hold is missing or unusable',
        detail: 'client_name: No such key: client_name',
      },
    ])
  })

  it('refuses an answer that expressions make too large', async () => {
    const claims = { software_id: 'x'.repeat(40_000) }
    const response = '  set: { twice: statement.software_id + statement.software_id }'
    expect((await planned(response, { claims })).findings).toMatchObject([
      { reason: 'rule-failed', detail: 'response: too large' },
    ])
  })

  it('has headers of the request given back, where the endpoint lets them through', async () => {
    const response = '  headers: { x-fapi-interaction-id: \'request.headers[?"x-fapi-interaction-id"]\' }'
    const headers = { 'x-fapi-interaction-id': 'b1' }
    for (const operation of ['create', 'read', 'delete'] as const)
      expect((await planned(response, { headers, operation })).answer.headers).toEqual(headers)
    expect((await planned(response)).answer.headers).toEqual({})
  })

  it('refuses a header that would end its line and begin another', async () => {
    const given = { claims: { software_id: 'a\r\nset-cookie: b' } }
    const { answer, findings } = await planned('  headers: { x-software: statement.software_id }', given)
    expect(answer.headers).toEqual({})
    expect(findings).toMatchObject([{ reason: 'rule-failed', detail: 'x-software: not a header field value' }])
  })

  it('fills in all claims of the statement, declared or not, but for those of the token and of the identity server', async () => {
    const software = { software_id: 's', org: { name: 'o', roles: ['r'] } }
    const token = { iss: 'i', sub: 's', aud: 'a', exp: 1, nbf: 1, iat: 1, jti: 'j' }
    const credentials = { client_id: 'x', client_secret: 'x', registration_access_token: 'x', software_statement: 'x' }
    const claims = { ...software, ...token, ...credentials }
    expect((await planned('  flattenStatement: true', { claims })).answer.fills).toEqual(software)
    expect((await planned('  flattenStatement: false', { claims })).answer.fills).toEqual({})
  })

  it('does not fill in what the policy keeps back', async () => {
    const claims = { software_id: 's', roles: ['r'] }
    const { answer } = await planned('  flattenStatement: true\n  remove: [roles]', { claims })
    expect(answer).toMatchObject({ removes: ['roles'], fills: { software_id: 's' } })
  })

  it.each<[Operation, boolean]>([
    ['create', true],
    ['update', true],
    ['read', false],
    ['delete', false],
  ])('echoes the statement of a %s: %s', async (operation, echoes) => {
    expect((await planned('  echoStatement: true', { operation })).answer.echoesStatement).toBe(echoes)
  })

  it('has the statuses of the regime', async () => {
    const response = `  success: { create: { status: 204 }, delete: { status: 200, body: '{"gone": request.clientId}' } }`
    const ofDelete = await planned(response, { operation: 'delete' })
    expect(ofDelete.answer).toMatchObject({ status: 200, deletionBody: { gone: '' } })
    expect((await planned(response)).answer).toMatchObject({ status: 204, deletionBody: null })
    expect((await planned(response, { operation: 'update' })).answer.status).toBeNull()
  })

  it('refuses a deletion whose body turns out to be no map, or to fail', async () => {
    for (const [body, detail] of [
      ['dyn([1])', 'body: no map'],
      ['{"a": url(request.clientId).getHostname()}', expect.stringMatching(/^body: /) as unknown],
    ] as const) {
      const response = `  success: { delete: { status: 200, body: '${body}' } }`
      expect((await planned(response, { operation: 'delete' })).findings).toMatchObject([
        { reason: 'rule-failed', detail },
      ])
    }
  })
})
