import { describe, expect, it } from 'vitest'
import { loadSound, loadTexts, policyOf } from '../policy-fixture.ts'

const MEMBERS = 'members: { jwks_uri: string, sector_identifier_uri: string, redirect_uris: list(string) }\n'
const rule = (id: string, require: string): string => `  - { id: ${id}, title: t, message: m, require: '${require}' }\n`

async function faultsOf(body: string): Promise<readonly string[]> {
  const { faults } = await loadTexts({ tested: MEMBERS + body })
  return faults.map(({ path, wanted, found, hint = '' }) => `${path}: ${wanted} / ${found} / ${hint}`)
}

const lookup = (change: string, id = 'sector'): string =>
  `lookups:\n  ${id}: { url: requested.?sector_identifier_uri, hosts: any, type: list(string)${change} }\n`

describe('look-ups', () => {
  it('have the type that they declare', async () => {
    const rules = `rules:\n${rule('a', 'lookups.sector.all(u, u > 5)')}${rule('b', 'lookups.sectr == []')}`
    expect(await faultsOf(lookup('') + rules)).toEqual([
      expect.stringMatching(/^rules\[0\]\.require: .*no such overload: string > int/),
      expect.stringMatching(/^rules\[1\]\.require: a declared name .*did you mean sector\?$/),
    ])
  })

  it('of keys know their facts and no others', async () => {
    const rules = `rules:\n${rule('a', 'lookups.sector.exists(k, k.usage == "enc")')}`
    const body = lookup('').replace('list(string)', 'jwks') + rules
    expect(await faultsOf(body)).toEqual([
      expect.stringMatching(/^rules\[0\]\.require: a declared name \/ No such key: usage/),
    ])
  })

  it.each(['metadata.?jwks_uri', 'variables.address', 'lookups.sector[?0]'])(
    'have no address of what comes later: %s',
    async (url) => {
      const body = lookup('').replace('requested.?sector_identifier_uri', `'${url}'`)
      const rules = `variables: { address: '"https://a.example/"' }\nrules:\n${rule('a', 'has(lookups.sector)')}`
      expect(await faultsOf(body + rules)).toEqual([
        expect.stringMatching(
          /^lookups\.sector\.url: a declared name \/ Unknown variable: (metadata|variables|lookups)/,
        ),
      ])
    },
  )

  it('have an address that is a text', async () => {
    const body = lookup('').replace('requested.?sector_identifier_uri', 'requested.?redirect_uris')
    expect(await faultsOf(`${body}rules:\n${rule('a', 'has(lookups.sector)')}`)).toEqual([
      'lookups.sector.url: an expression that gives string or optional<string> / one that gives optional<list<string>> at "requested.?redirect_uris" / use .orValue(...)',
    ])
  })

  it('that nothing names are a fault: they would never be made', async () => {
    expect(await faultsOf(lookup(''))).toEqual([
      'lookups.sector: an expression that names lookups.sector / none / a look-up that nothing names is never made; take it out',
    ])
  })

  it('that nothing names are none where an expression with a fault may be what names them', async () => {
    const rules = `rules:\n${rule('a', 'lookups.sector.all(u, u > 5)')}`
    expect(await faultsOf(lookup('') + rules)).toHaveLength(1)
  })

  it('of a rule about reading and deleting alone are a fault: none is made for these', async () => {
    const rules = `rules:\n  - { id: a, title: t, message: m, on: [read], require: has(lookups.sector) }\n`
    expect(await faultsOf(lookup('') + rules)).toEqual([
      'rules[0].require: facts that a read or a delete has (certificate, request, parameters, now) / the look-up sector / ',
    ])
  })

  it('are at most eight', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `l${index}`)
    const lookups = names.map((name) => lookup('', name).split('\n')[1]).join('\n')
    const rules = names.map((name) => rule(`r-${name}`, `has(lookups.${name})`)).join('')
    expect(await faultsOf(`lookups:\n${lookups}\nrules:\n${rules}`)).toEqual(['lookups.l8: at most 8 look-ups / 9 / '])
  })

  it.each([
    [`, hosts: ['*']`, 'hosts'],
    [`, hosts: ['https://a.example']`, 'hosts'],
    [`, hosts: [localhost]`, 'hosts'],
    [`, hosts: []`, 'hosts'],
    [`, hosts: all`, 'hosts'],
    [`, type: text`, 'type'],
    [`, onFailure: ignore`, 'onFailure'],
  ])('with %s have a fault', async (change, key) => {
    const body = lookup(change)
      .replace(key === 'hosts' ? ', hosts: any,' : '~', ',')
      .replace(key === 'type' ? ', type: list(string)' : '~', '')
    expect(await faultsOf(`${body}rules:\n${rule('a', 'has(lookups.sector)')}`)).toEqual([
      expect.stringMatching(new RegExp(`^lookups\\.sector\\.${key}`)),
    ])
  })

  it('of an extended policy are made as long as a rule in force names them', async () => {
    const base = `${MEMBERS}${lookup('')}rules:\n${rule('named', 'has(lookups.sector)')}`
    const policies = await loadSound({
      base,
      heir: 'extends: [base]\n',
      without: 'extends: [base]\noff: [named]\n',
      narrower: `extends: [base]\nlookups:\n  sector: { url: requested.?jwks_uri, hosts: [a.example], type: dyn }\n`,
    })
    const lookupsOf = (name: string) =>
      policyOf(policies, name).lookups.map(({ name: id, hosts, url }) => [id, hosts, url.text])
    expect(lookupsOf('heir')).toEqual([['sector', null, 'requested.?sector_identifier_uri']])
    expect(lookupsOf('without')).toEqual([])
    expect(lookupsOf('narrower')).toEqual([['sector', ['a.example'], 'requested.?jwks_uri']])
  })

  it('are made where a variable that a rule uses names them, and not where it is idle', async () => {
    const variables = `variables: { list: 'lookups.?sector.orValue([])' }\n`
    const policies = await loadSound({
      used: `${MEMBERS}${lookup('')}${variables}rules:\n${rule('a', 'size(variables.list) > 0')}`,
    })
    expect(policyOf(policies, 'used').lookups.map(({ name }) => name)).toEqual(['sector'])
    expect(await faultsOf(lookup('') + variables)).toEqual([expect.stringMatching(/^lookups\.sector: an expression/)])
  })
})
