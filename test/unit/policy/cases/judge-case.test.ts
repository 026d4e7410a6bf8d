import { describe, expect, it } from 'vitest'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { casesFileSchema } from '../../../../src/policy/cases/cases-file-schema.ts'
import { judgeCase } from '../../../../src/policy/cases/judge-case.ts'
import { runCases } from '../../../../src/policy/cases/run-cases.ts'
import type { Json } from '../../../../src/model/json.ts'
import { loadPolicy } from '../policy-fixture.ts'

const policy = await loadPolicy(`
members: { sector: string, redirect_uris: list(string), scope: string }
lookups:
  list: { url: requested.?sector, hosts: any, type: list(string), at: sector }
  spare: { url: requested.?sector, hosts: any, type: jwks, onFailure: absent }
rules:
  - { id: listed, title: t, message: m, when: has(requested.sector), require: 'requested.redirect_uris.all(u, u in lookups.list)' }
  - { id: never-asked, title: t, message: m, when: '!has(requested.sector)', require: '!has(lookups.list)' }
  - { id: spared, title: t, message: m, when: has(lookups.spare), require: 'lookups.spare.exists(k, k.kid == "a")' }
  - { id: offered, title: t, message: m, when: has(server.scopes_supported), require: 'metadata.?scope.orValue("") in server.scopes_supported' }
`)

const ASKING = { sector: 'https://a.example/', redirect_uris: ['u'] }

function brokenBy(facts: Record<string, Json>): readonly string[] {
  const { given } = casesFileSchema.parse({ given: facts, approve: [], reject: [] })
  const { findings } = judgeCase(policy, buildCaseFacts(policy, {}, given, 'create'))
  return findings.map(({ rule, reason }) => rule ?? reason)
}

describe('a case with look-ups', () => {
  it('is judged by the values that it gives', () => {
    expect(brokenBy({ metadata: ASKING, lookups: { list: ['u'] } })).toEqual([])
    expect(brokenBy({ metadata: ASKING, lookups: { list: ['v'] } })).toEqual(['listed'])
    expect(brokenBy({ metadata: ASKING, lookups: { list: ['u'], spare: [{ kid: 'b' }] } })).toEqual(['spared'])
  })

  it('that gives no value is one where the document could not be fetched', () => {
    expect(brokenBy({ metadata: ASKING })).toEqual(['lookup-failed'])
    expect(brokenBy({ metadata: ASKING, lookups: { list: null } })).toEqual(['lookup-failed'])
  })

  it('gives nothing to rules where the gateway would not have asked', () => {
    expect(brokenBy({ metadata: {}, lookups: { list: ['u'] } })).toEqual([])
  })

  it('names the metadata of the identity server', () => {
    expect(brokenBy({ server: { scopes_supported: ['a'] }, metadata: { scope: 'a' } })).toEqual([])
    expect(brokenBy({ server: { scopes_supported: ['a'] }, metadata: { scope: 'b' } })).toEqual(['offered'])
    expect(brokenBy({ server: null, metadata: { scope: 'b' } })).toEqual([])
  })

  it('takes away by null what is given', () => {
    const answer = '400 invalid_client_metadata'
    const cases = casesFileSchema.parse({
      given: { metadata: ASKING, lookups: { list: ['u'] }, server: { scopes_supported: [''] } },
      approve: [{ name: 'unknown server', server: null, metadata: { scope: 'b' } }],
      reject: [
        { name: 'unreachable', lookups: { list: null }, rules: ['lookup-failed'], answer },
        { name: 'not offered', metadata: { scope: 'b' }, rules: ['offered'], answer },
      ],
    })
    expect(runCases(policy, cases).results.map(({ problem }) => problem)).toEqual([null, null, null])
  })
})
