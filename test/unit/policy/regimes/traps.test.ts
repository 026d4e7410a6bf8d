import { describe, expect, it } from 'vitest'
import type { CaseFacts } from '../../../../src/policy/cases/cases-file-schema.ts'
import { openRegime } from './regime-fixture.ts'

const brazil = await openRegime('open-finance-brasil')
const psd2 = await openRegime('psd2-eidas')
const base = await openRegime('rfc7591')
const uk = await openRegime('uk-open-banking')
const OBIE = { scopeStyle: 'obie' }

const redirects = (...redirect_uris: readonly string[]): CaseFacts => ({
  metadata: { redirect_uris: [...redirect_uris] },
})
const roles = (...held: readonly ('PSP_AI' | 'PSP_PI' | 'PSP_IC')[]): CaseFacts => ({
  parameters: OBIE,
  certificate: { qualified: { psd2: { roles: [...held] } } },
})

/** What implementations of other regimes got wrong, one test for each. */
describe('the traps that others fell into', () => {
  it.each([
    ['open-finance-brasil', brazil, 'https://ipe.example.com.br/cb', 'redirect-uris-within-statement'],
    ['psd2-eidas', psd2, 'https://tpp.exemple-agregation.fr/psd2/cb', 'redirect-hosts-of-provider'],
    ['uk-open-banking', uk, 'https://ledger.larkfield.example/cb', 'redirect-uris-within-statement'],
  ])('1: the check of redirect URIs does not end at the first one: %s', (_, regime, good, rule) => {
    expect(regime.broken(redirects(good, 'https://evil.example/cb'))).toEqual([rule])
    expect(regime.broken(redirects(good, good, 'https://evil.example/cb'))).toEqual([rule])
  })

  it('1: fundsconfirmations is spelt as it is asked for, so that it is granted by its role and by no other', () => {
    const asking = { metadata: { scope: 'openid fundsconfirmations' } }
    expect(psd2.broken({ ...roles('PSP_IC'), ...asking })).toEqual([])
    expect(psd2.broken({ ...roles('PSP_AI', 'PSP_PI'), ...asking })).toEqual(['scopes-granted-by-role'])
  })

  it.each(['openid accountsx', 'openid xaccounts', 'openid accounts-all', 'openid:accounts'])(
    '1: a scope that holds the text of another one is not that scope: %s',
    (scope) => {
      expect(psd2.broken({ ...roles('PSP_AI'), metadata: { scope } })).toEqual(['scopes-granted-by-role'])
    },
  )

  it('2: redirect URIs are a subset of those of the statement, and not the other way round', () => {
    expect(brazil.broken(redirects('https://ipe.example.com.br/cb'))).toEqual([])
    const more = [...(brazil.given.statement?.['software_redirect_uris'] as string[]), 'https://evil.example/cb']
    expect(brazil.broken(redirects(...more))).toEqual(['redirect-uris-within-statement'])
  })

  it('2: the software is software_id, whatever software_client_id says', () => {
    const statement = { software_client_id: '9a8b7c6d-1111-4222-8333-444455556666' }
    const verdict = brazil.judge({ statement })
    expect(verdict).toMatchObject({ findings: [], metadata: { software_id: brazil.given.statement?.['software_id'] } })
    const swapped = {
      ...statement,
      software_id: '9a8b7c6d-1111-4222-8333-444455556666',
      software_client_id: '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11',
    }
    expect(brazil.broken({ statement: swapped })).toEqual(['certificate-names-software'])
  })

  it('3: one good redirect URI does not carry a bad one', () => {
    expect(base.broken(redirects('https://app.example/cb', 'http://app.example/cb'))).toEqual(['redirect-uris-web'])
    expect(base.broken(redirects('http://app.example/cb', 'https://app.example/cb'))).toEqual(['redirect-uris-web'])
  })

  it('3: https somewhere in a URI does not make it one of https', () => {
    expect(base.broken(redirects('http://app.example/cb?https'))).toEqual(['redirect-uris-web'])
    expect(base.broken(redirects('http://https.example/https://'))).toEqual(['redirect-uris-web'])
  })

  it.each(['https://LOCALHOST/cb', 'https://127.1/cb', 'https://[::1]/cb', 'https://app.localhost/cb'])(
    '3: the own machine is known in any spelling: %s',
    (uri) => {
      expect(base.broken(redirects(uri))).toEqual(['redirect-uris-web'])
    },
  )

  it.each(['https:///cb', 'https:cb', 'mailto:a@b.example', 'https://', ''])(
    '3: a URI without host is refused by a rule, and nothing fails over it: %j',
    (uri) => {
      for (const regime of [base, psd2, brazil, uk]) {
        const { findings } = regime.judge(redirects(uri))
        expect(findings.map(({ at }) => at)).toContain('redirect_uris')
        expect(findings.filter(({ reason }) => reason === 'rule-failed')).toEqual([])
      }
    },
  )

  it('3: hosts are compared without regard to case', () => {
    expect(psd2.broken(redirects('https://TPP.Exemple-Agregation.fr/psd2/cb'))).toEqual([])
  })

  it('4: identifiers of requests and of statements are apart, and each is of its software', () => {
    const once = {
      statement: { jti: 'same' },
      request: { claims: { jti: 'same' } },
      parameters: { statementUse: 'once' },
    }
    const keys = uk.judge(once).once.map(({ key }) => key)
    expect(new Set(keys).size).toBe(2)
    expect(keys.every((key) => key.endsWith(' same') && /7Hq2|0015/.test(key))).toBe(true)
  })

  it('5: a redirect URI is that of the statement to the letter', () => {
    expect(uk.broken(redirects('https://ledger.larkfield.example/CB'))).toEqual(['redirect-uris-within-statement'])
    expect(brazil.broken(redirects('https://ipe.example.com.br/CB'))).toEqual(['redirect-uris-within-statement'])
  })

  it.each([
    ['of a seal alone', { types: ['eseal'] }],
    ['of none', null],
    ['without PSD2 statement', { psd2: null }],
  ])('6: qualified statements %s refuse the registration, and nothing fails over them', (_, qualified) => {
    const { findings } = psd2.judge({ certificate: { qualified } })
    expect(findings.length).toBeGreaterThan(0)
    expect(findings.filter(({ reason }) => reason === 'rule-failed')).toEqual([])
  })

  it('6: a role is its OID, and a name of the issuer’s own grants nothing', () => {
    const psd2Statement = { roles: ['PSP_AI' as const], writtenRoles: ['Payment Initiation'] }
    const certificate = { qualified: { psd2: psd2Statement } }
    expect(psd2.broken({ certificate })).toEqual(['role-names-of-their-oids'])
    expect(psd2.broken({ certificate, parameters: { roleNames: 'ignore' }, metadata: { scope: 'pisp' } })).toEqual([
      'scopes-granted-by-role',
    ])
  })

  it('8: a statement may name software by UUID, its version by number, and nobody it acts for', () => {
    const software_id = '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11'
    const statement = { software_id, software_version: 3.1, software_on_behalf_of_org: null, org_status: 'active' }
    const change = { statement, request: { claims: { iss: software_id } }, metadata: { software_id } }
    expect(uk.judge(change)).toMatchObject({ findings: [], metadata: { software_id, software_version: '3.1' } })
  })

  it('8: what a directory writes in another case grants nothing by chance', () => {
    const statement = {
      software_statement_roles: [
        { role: 'DADOS', status: 'ACTIVE' },
        { role: 'dados', status: 'Active' },
      ],
    }
    expect(brazil.broken({ statement })).toEqual(['scopes-granted-by-role'])
  })
})

describe.each([
  ['open-finance-brasil', brazil],
  ['psd2-eidas', psd2],
  ['rfc7591', base],
  ['uk-open-banking', uk],
])('a registration under %s', (_, regime) => {
  it('passes as an update once it was made, and comes out the same', () => {
    const created = regime.judge({})
    const client_id = regime.given.clientId ?? 'client-1'
    const updated = regime.judge({ metadata: { ...created.metadata, client_id } }, 'update')
    expect(updated.findings).toEqual([])
    expect(updated.metadata).toEqual({ ...created.metadata, client_id })
  })
})
