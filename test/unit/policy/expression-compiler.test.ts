import { describe, expect, it } from 'vitest'
import { loadTexts } from './policy-fixture.ts'

const HEAD = `
softwareStatement: { create: optional, algorithms: [PS256], claims: { software_id: string } }
members: { redirect_uris: list(string) }
parameters: { leniency: { type: string, default: none, meaning: m } }
variables: { activeRoles: '["a"]' }
`

async function hintsFor(expression: string): Promise<readonly (string | undefined)[]> {
  const rule = `rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(expression)} }]`
  return (await loadTexts({ tested: HEAD + rule })).faults.map(({ hint }) => hint)
}

describe('hints at misspelt names', () => {
  it.each([
    ['nwo == now', 'now'],
    ['reqest.operation == ""', 'request'],
    ['certifcate.thumbprint == ""', 'certificate'],
    ['statment.software_id == ""', 'statement'],
    ['size(rquested.redirect_uris) > 0', 'requested'],
    ['size(metdata.redirect_uris) > 0', 'metadata'],
    ['size(translatons) > 0', 'translations'],
    ['paramters.leniency == ""', 'parameters'],
    ['size(varables.activeRoles) > 0', 'variables'],
    ['size(metadata.redirectUris) > 0', 'redirect_uris'],
    ['statement.sofware_id == ""', 'software_id'],
    ['parameters.lenience == ""', 'leniency'],
    ['size(variables.activRoles) > 0', 'activeRoles'],
    ['certificate.thumbprnt == ""', 'thumbprint'],
    ['size(certificate.subject.organisationIdentifier) > 0', 'organizationIdentifier'],
    ['request.hasStatment', 'hasStatement'],
    ['metadata.redirect_uris.all(u, u.startWith("a"))', 'startsWith'],
    ['"a".lowerAsci() == ""', 'lowerAscii'],
    ['sets.contain(["a"], ["b"])', 'contains'],
    ['isUrl("a")', 'isURL'],
  ])('for %s is %s', async (expression, name) => {
    expect(await hintsFor(expression)).toEqual([`did you mean ${name}?`])
  })

  it.each([
    ['a name that is like no other', 'quuxly == 1'],
    ['a name that is declared, but elsewhere', 'metadata.software_id == ""'],
    ['a function that exists, but for other types', 'metadata.redirect_uris.startsWith("a")'],
  ])('is none for %s', async (_, expression) => {
    expect(await hintsFor(expression)).toEqual([undefined])
  })
})

describe('faults of expressions', () => {
  it('quote the expression from where the mistake is, one line and 40 characters of it', async () => {
    const require = `|\n      true && nobody.${'x'.repeat(60)}\n      && true`
    const { faults } = await loadTexts({
      tested: `rules:\n  - id: r\n    title: t\n    message: m\n    require: ${require}\n`,
    })
    expect(faults).toMatchObject([
      { path: 'rules[0].require', found: `Unknown variable: nobody at "nobody.${'x'.repeat(33)}"` },
    ])
  })

  it('are all reported, of every expression of a policy', async () => {
    const body = `
members: { client_name: string, scope: string }
variables: { a: nobody }
effects:
  - when: nobody
    default: { client_name: nobody }
  - set: { client_name: nobody }
scopes: { id: s, grantedBy: nobody, restrict: nobody, roles: {} }
rules:
  - { id: r, title: t, message: m, when: nobody, require: nobody, wanted: nobody, found: nobody }
  - { id: q, title: t, message: m, require: variables.a }
headers: { X-A: nobody }
reservation: nobody
`
    expect((await loadTexts({ tested: body })).faults.map(({ path }) => path).sort()).toEqual([
      'effects[0].default.client_name',
      'effects[0].when',
      'effects[1].set.client_name',
      'headers.X-A',
      'reservation',
      'rules[0].found',
      'rules[0].require',
      'rules[0].wanted',
      'rules[0].when',
      'scopes.grantedBy',
      'scopes.restrict',
      'variables.a',
    ])
  })

  it('tell of a result of the wrong type wherever an expression may stand', async () => {
    const body = `
members: { client_name: string, scope: string }
effects:
  - when: "1"
    default: { client_name: '["a"]' }
  - set: { client_name: 5 }
scopes: { id: s, grantedBy: '"a"', restrict: '"a"', roles: {} }
rules: [{ id: r, title: t, message: m, when: "1", require: '"true"' }]
headers: { X-A: "1" }
reservation: "true"
`
    const faults = (await loadTexts({ tested: body })).faults.map(({ path, wanted, found }) => [path, wanted, found])
    expect(faults.sort()).toEqual([
      [
        'effects[0].default.client_name',
        'an expression that gives string or optional<string>',
        'one that gives list<string> at "["a"]"',
      ],
      ['effects[0].when', 'an expression that gives bool', 'one that gives int at "1"'],
      [
        'effects[1].set.client_name',
        'an expression that gives string or optional<string>',
        'one that gives int at "5"',
      ],
      ['headers.X-A', 'an expression that gives string or optional<string>', 'one that gives int at "1"'],
      ['reservation', 'an expression that gives string or optional<string>', 'one that gives bool at "true"'],
      ['rules[0].require', 'an expression that gives bool', 'one that gives string at ""true""'],
      ['rules[0].when', 'an expression that gives bool', 'one that gives int at "1"'],
      ['scopes.grantedBy', 'an expression that gives list<string>', 'one that gives string at ""a""'],
      ['scopes.restrict', 'an expression that gives bool', 'one that gives string at ""a""'],
    ])
  })
})
