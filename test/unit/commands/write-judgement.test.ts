import { describe, expect, it } from 'vitest'
import { judgementJson } from '../../../src/commands/judgement-json.ts'
import { writeJudgement } from '../../../src/commands/write-judgement.ts'
import { buildCaseCertificate } from '../../../src/policy/cases/build-case-certificate.ts'
import { explainJudgement } from '../../../src/policy/explain/explain-judgement.ts'
import { loadTexts, present } from '../policy/policy-fixture.ts'

const { policies, resolved, faults } = await loadTexts({
  tested: `
clientCertificate: { required: false }
members: { client_name: string, client_secret: string, scope: string }
scopes: { id: s, always: [openid], grantedBy: '["a"]', roles: {}, restrict: 'true' }
rules: [{ id: named, title: t, message: m, require: 'metadata.client_name != ""', found: metadata.client_name }]
client: { key: metadata.?client_name }
`,
})
const [policy, source] = [policies.get('tested'), resolved.get('tested')]
if (policy === undefined || source === undefined) throw new Error(JSON.stringify(faults))

const explanation = explainJudgement(
  policy,
  source,
  present({
    sent: { client_name: 'n\u001b[2J\u202e', client_secret: 'hush', scope: 'x\u001b openid', 'odd\u0007': 1 },
  }),
)

describe('a judgement on a terminal', () => {
  const text = writeJudgement(explanation, ['signatures'], (_, plain) => plain)

  it('cannot be steered by what the request says, wherever it is shown', () => {
    expect(text).toContain('n\\u{1b}[2J\\u{202e}')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('shows no secret, and neither does the form for machines', () => {
    expect(text).toContain('client_secret  (not shown)')
    expect(text).not.toContain('hush')
    expect(JSON.stringify(judgementJson(explanation, []))).not.toContain('hush')
  })

  it('names the client by its key and its owner, and leaves out what is not known', () => {
    expect(text.split('\n\n').at(-1)).toBe('client\n  key  n\\u{1b}[2J\\u{202e}\n')
    const certificate = buildCaseCertificate({ subject: 'CN=b' })
    const owned = explainJudgement(policy, source, present({ certificate, operation: 'read' }))
    expect(
      writeJudgement(owned, [], (_, plain) => plain)
        .split('\n\n')
        .at(-1),
    ).toBe('client\n  owner  2.5.4.3=b\n')
    expect(judgementJson(owned, [])).toMatchObject({ client: { key: null, owner: '2.5.4.3=b' } })
  })

  it('shows none that a rule looks through, and none that stands deep in what was sent', async () => {
    const loaded = await loadTexts({
      deep: `
clientCertificate: { required: false }
members: { jwks: 'map(string, dyn)', initial_assertion: string, client_uri: string }
variables: { sent: request.headers }
rules:
  - { id: a, title: t, message: m, require: has(metadata.jwks.keys) }
  - { id: b, title: t, message: m, require: 'variables.sent.all(name, name != "x-bad")' }
  - { id: c, title: t, message: m, require: 'metadata.initial_assertion != metadata.client_uri' }
headers: { X-Initial-Token: metadata.initial_assertion }
`,
    })
    const [deep, from] = [loaded.policies.get('deep'), loaded.resolved.get('deep')]
    if (deep === undefined || from === undefined) throw new Error(JSON.stringify(loaded.faults))
    const sent = {
      jwks: { keys: [{ kty: 'OKP', d: 'hush-1' }] },
      initial_assertion: 'hush-2',
      client_uri: 'https://a.example?code=hush-3',
      unknown: { password: 'hush-4' },
    }
    const seen = explainJudgement(deep, from, present({ sent, headers: { authorization: 'Bearer hush-5' } }))
    expect(seen.rules.map(({ verdict }) => verdict)).toEqual(['held', 'held', 'held'])
    const written = writeJudgement(seen, [], (_, plain) => plain)
    expect(written).toContain('metadata.jwks.keys  [{"kty":"OKP","d":"(not shown)"}]')
    expect(written).toContain('variables.sent  {"authorization":"(not shown)"}')
    expect(written + JSON.stringify(judgementJson(seen, []))).not.toContain('hush')
  })

  it('says first what was not verified and what came of it', () => {
    expect(text.split('\n').slice(1, 3)).toEqual(['not verified here: signatures', '✔ granted'])
  })
})
