import { describe, expect, it } from 'vitest'
import { judgementJson } from '../../../../src/commands/judgement-json.ts'
import { writeJudgement } from '../../../../src/commands/write-judgement.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import { explainJudgement, type JudgementExplanation } from '../../../../src/policy/explain/explain-judgement.ts'
import { loadTexts, present } from '../policy-fixture.ts'

const { policies, resolved, faults } = await loadTexts({
  tested: `
clientCertificate: { required: false }
types: { Place: { city: string }, Office: { places: list(Place) } }
members: { office: Office, client_name: string, logo_uri: string, tos_uri: string, old_logo: string, contacts: list(string) }
effects:
  - rename: { old_logo: logo_uri }
  - { when: has(metadata.contacts), set: { client_name: '"of the statement"' } }
  - remove: [tos_uri]
  - { rename: { client_name: tos_uri }, when: 'now == timestamp("2000-01-01T00:00:00Z")' }
`,
})

function explain(sent: JsonObject): JudgementExplanation {
  const [policy, source] = [policies.get('tested'), resolved.get('tested')]
  if (policy === undefined || source === undefined) throw new Error(JSON.stringify(faults))
  return explainJudgement(policy, source, present({ sent }))
}

const kept = { after: undefined }

describe('every change on the way to what would be registered', () => {
  it('has what nobody declared below a member, wherever it stands', () => {
    const place = { city: 'Porto', note: 'n', gone: null }
    const { changes, verdict } = explain({ odd: 1, office: { places: [place, { city: 'Faro' }], fax: '1' } })
    expect(changes).toEqual([
      { member: 'odd', change: 'dropped', by: 'tested members', before: 1, ...kept },
      { member: 'office.places[0].note', change: 'dropped', by: 'tested members', before: 'n', ...kept },
      { member: 'office.fax', change: 'dropped', by: 'tested members', before: '1', ...kept },
    ])
    expect(verdict.metadata).toEqual({ office: { places: [{ city: 'Porto' }, { city: 'Faro' }] } })
  })

  it('shows no secret of what was dropped below a member', () => {
    const explanation = explain({ office: { places: [], client_secret: 'hush', d: 'hush' } })
    expect(explanation.changes.map(({ member }) => member)).toEqual(['office.client_secret', 'office.d'])
    expect(JSON.stringify(judgementJson(explanation, []))).not.toContain('hush')
    expect(writeJudgement(explanation, [], (_, text) => text)).not.toContain('hush')
  })

  it('tells a new name from a new value', () => {
    const explanation = explain({ old_logo: 'https://a.example/l' })
    expect(explanation.changes).toEqual([
      {
        ...{ member: 'logo_uri', change: 'rename', from: 'old_logo', by: 'tested effects[0]' },
        ...{ before: 'https://a.example/l', after: 'https://a.example/l' },
      },
    ])
    expect(writeJudgement(explanation, [], (_, text) => text)).toContain(
      'logo_uri  https://a.example/l  (rename of old_logo by tested effects[0])',
    )
  })

  it('tells of no rename where the right name was sent as well', () => {
    expect(explain({ old_logo: 'https://a.example/l', logo_uri: 'https://b.example/l' }).changes).toEqual([])
  })

  it('names the translations that went with a member, and the effect that took them', () => {
    const sent = {
      ...{
        client_name: 'n',
        'client_name#de': 'Bank',
        'client_name#pt-BR': 'Banco',
        'logo_uri#en': 'https://l.example',
      },
      ...{ 'tos_uri#en': 'https://t.example', contacts: ['c'] },
    }
    expect(explain(sent).changes).toEqual([
      { member: 'client_name', change: 'set', by: 'tested effects[1]', before: 'n', after: 'of the statement' },
      { member: 'client_name#de', change: 'remove', by: 'tested effects[1]', before: 'Bank', ...kept },
      { member: 'client_name#pt-BR', change: 'remove', by: 'tested effects[1]', before: 'Banco', ...kept },
      { member: 'tos_uri#en', change: 'remove', by: 'tested effects[2]', before: 'https://t.example', ...kept },
    ])
    const { contacts: _, ...without } = sent
    expect(explain(without).verdict.metadata).toEqual({
      ...{ client_name: 'n', 'client_name#de': 'Bank', 'client_name#pt-BR': 'Banco' },
      'logo_uri#en': 'https://l.example',
    })
  })
})
