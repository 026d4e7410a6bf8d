import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import type { ErrorForm, ShownError } from '../../../src/model/policy.ts'
import { bindPolicy } from '../../../src/policy/bind-policy.ts'
import { loadPolicy } from './policy-fixture.ts'

async function formOf(body: string): Promise<ErrorForm> {
  const { errorForm } = bindPolicy(await loadPolicy(`errorAnswer:\n  body: >-\n    ${body}\n`), {})
  if (errorForm === null) throw new Error('no form')
  return errorForm
}

const FINDING = {
  rule: 'one',
  reason: 'rule-broken',
  at: 'scope',
  message: 'is wrong',
  error: 'invalid_scope',
} as const
const SHOWN: ShownError = {
  code: 'invalid_client_metadata',
  description: 'scope: is wrong',
  status: 400,
  decisionId: 'decision-1',
  findings: [{ ...FINDING, clause: '1.1', found: 'a' }, FINDING],
}

async function written(body: string, shown: ShownError = SHOWN): Promise<JsonObject> {
  return (await formOf(body)).write(shown)
}

describe('the form of errors', () => {
  it('can be that of the Berlin Group', async () => {
    const body = '{"tppMessages": findings.map(f, {"category": "ERROR", "code": f.error, "text": f.message})}'
    const message = { category: 'ERROR', code: 'invalid_scope', text: 'is wrong' }
    expect(await written(body)).toEqual({ tppMessages: [message, message] })
  })

  it('can be that of the Australian standards, of mixed types', async () => {
    const body =
      '{"errors": [{"code": "urn:au-cds:error:cds-all:" + error.code, "detail": error.description, "meta": {"status": error.status}}]}'
    expect(await written(body)).toEqual({
      errors: [
        {
          code: 'urn:au-cds:error:cds-all:invalid_client_metadata',
          detail: 'scope: is wrong',
          meta: { status: 400 },
        },
      ],
    })
  })

  it('knows of a finding what the registrant may know, and what is absent as absent', async () => {
    const body =
      '{"id": error.decisionId, "of": findings.map(f, [f.rule, f.reason, f.at, f.?clause.orValue("-"), f.?wanted.orValue("-"), f.?found.orValue("-")])}'
    expect(await written(body)).toEqual({
      id: 'decision-1',
      of: [
        ['one', 'rule-broken', 'scope', '1.1', '-', 'a'],
        ['one', 'rule-broken', 'scope', '-', '-', '-'],
      ],
    })
  })

  it('is made of the first 100 findings', async () => {
    const many = { ...SHOWN, findings: Array<typeof FINDING>(150).fill(FINDING) }
    expect(await written('{"n": size(findings)}', many)).toEqual({ n: 100 })
  })

  it.each([
    ['fails', '{"a": findings[5].rule}', SHOWN],
    ['is no map after all', 'dyn([1])', SHOWN],
    [
      'is too large',
      '{"a": findings.map(f, f.message)}',
      { ...SHOWN, findings: [{ ...FINDING, message: 'x'.repeat(70_000) }] },
    ],
  ])('throws where its body %s', async (_, body, shown) => {
    const form = await formOf(body)
    expect(() => form.write(shown)).toThrow(/./)
  })

  it('fails in one line, for a log', async () => {
    const form = await formOf('{"a": findings[5].rule}')
    expect(() => form.write(SHOWN)).toThrow(/^[^\n]{1,400}$/)
  })
})
