import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { name: string }
members: { client_name: string, client_uri: string, logo_uri: string }
effects:
`
const TAGGED = { 'client_name#de': 'Ihre Bank', 'logo_uri#en': 'https://evil.example/logo.png' }

async function registered(effects: string, sent: JsonObject, claims: JsonObject = {}): Promise<JsonObject | null> {
  return judge(await loadPolicy(HEAD + effects), present({ sent, claims })).metadata
}

describe('language-tagged members', () => {
  it('go with the member that the statement settles, even where the very value was sent', async () => {
    const effects = '  - set: { client_name: statement.?name }\n'
    const outcome = { client_name: 'A', 'logo_uri#en': TAGGED['logo_uri#en'] }
    expect(await registered(effects, { client_name: 'B', ...TAGGED }, { name: 'A' })).toEqual(outcome)
    expect(await registered(effects, { client_name: 'A', ...TAGGED }, { name: 'A' })).toEqual(outcome)
    expect(await registered(effects, { ...TAGGED }, { name: 'A' })).toEqual(outcome)
  })

  it('stay where the statement says nothing of their member', async () => {
    const sent = { client_name: 'B', ...TAGGED }
    expect(await registered('  - set: { client_name: statement.?name }\n', sent)).toEqual(sent)
  })

  it('stay where a value is only given in the place of an absent one, which the registrant might have chosen', async () => {
    expect(await registered(`  - default: { client_name: '"A"' }\n`, TAGGED)).toEqual({ client_name: 'A', ...TAGGED })
  })

  it('stay where the condition of the effect does not hold', async () => {
    const effects = '  - { when: size(translations) == 0, remove: [client_name] }\n'
    expect(await registered(effects, TAGGED)).toEqual(TAGGED)
  })

  it('go with a member that is removed or renamed, whether it was sent or not', async () => {
    const kept = { 'logo_uri#en': TAGGED['logo_uri#en'] }
    expect(await registered('  - remove: [client_name]\n', { client_name: 'B', ...TAGGED })).toEqual(kept)
    expect(await registered('  - remove: [client_name]\n', TAGGED)).toEqual(kept)
    expect(await registered('  - rename: { client_name: client_uri }\n', { client_name: 'B', ...TAGGED })).toEqual({
      client_uri: 'B',
      ...kept,
    })
  })

  it('are judged as they were sent, so that a policy can refuse those that it would drop', async () => {
    const body = `${HEAD}  - remove: [client_name]
rules: [{ id: untagged, title: t, message: m, require: size(translations) == 0 }]
`
    const { findings } = judge(await loadPolicy(body), present({ sent: { 'client_name#de': 'Ihre Bank' } }))
    expect(findings).toMatchObject([{ rule: 'untagged' }])
  })
})
