import { describe, expect, it } from 'vitest'
import { loadTexts } from '../policy-fixture.ts'

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
    ['redirect_uris == []', 'metadata.redirect_uris'],
    ['metadata.software_id == ""', 'statement.software_id'],
    ['length(metadata.redirect_uris) > 0', 'size'],
    ['metadata.redirect_uris.length > 0', 'size'],
    ['statement.software_id.toLowerCase() == ""', 'lowerAscii'],
    ['metadata.redirect_uris.every(u, u != "")', 'all'],
    ['metadata.redirect_uris.some(u, u != "")', 'exists'],
  ])('for %s is %s', async (expression, name) => {
    expect(await hintsFor(expression)).toEqual([`did you mean ${name}?`])
  })

  it.each([['a function that exists, but for other types', 'metadata.redirect_uris.startsWith("a")']])(
    'is none for %s',
    async (_, expression) => {
      expect(await hintsFor(expression)).toEqual([undefined])
    },
  )
})

describe('hints at another way to write it', () => {
  it.each([
    ['statement.?software_id == "a"', 'use .orValue(...)'],
    ['size(metadata.?redirect_uris) > 0', 'use .orValue(...)'],
    ['metadata.?redirect_uris.all(u, true)', 'use .orValue(...)'],
    ['metadata.?redirect_uris', 'use .orValue(...)'],
    ['metadata.quuxly == 1', 'declare it under members'],
    ['statement.software_id == basic', 'for the text write "basic"'],
    ['metadata.redirect_uris.size > 0', 'write size(...)'],
    ['metadata.redirect_uris.contains("a")', 'of a list ask: value in list'],
    ['statement.software_id = "a"', 'compare with =='],
    ['statement.software_id === "a"', 'compare with =='],
    ['statement.software_id =~ "a"', 'match with .matches("...")'],
    ['statement.software_id <> "a"', 'write !='],
    ['true and true', 'write &&'],
    ['true & true', 'write &&'],
    ['true or true', 'write ||'],
    ['true | true', 'write ||'],
    ['not has(metadata.redirect_uris)', 'write ! for not'],
    ['statement.software_id == \u201ca\u201d', 'write quotes as "'],
    ['if (true) false', 'write condition ? value : other'],
    ['now > now - duration("30d")', 'write "720h"'],
    ['now > now - duration("2w")', 'write "336h"'],
  ])('for %s is: %s', async (expression, hint) => {
    expect(await hintsFor(expression)).toEqual([hint])
  })

  it.each([
    ['basic', `for the text write '"basic"'`],
    ['hello world', `for the text write '"hello world"'`],
    ['https://a.example/cb', `for the text write '"https://a.example/cb"'`],
    ['5', `for the text write '"5"'`],
    ['metdata.software_id', 'did you mean metadata?'],
    ['parmeters', `did you mean parameters? or for the text write '"parmeters"'`],
  ])('for the value %s of a text is: %s', async (text, hint) => {
    const body = `members: { tier: string, uris: list(string) }\neffects: [{ default: { tier: ${text} } }]`
    expect((await loadTexts({ tested: body })).faults.map((fault) => fault.hint)).toEqual([hint])
  })

  it('for a list written as one of YAML stands in what is wanted', async () => {
    const body = 'members: { uris: list(string) }\neffects: [{ default: { uris: [a, b] } }]'
    expect((await loadTexts({ tested: body })).faults).toMatchObject([
      { wanted: `an expression, such as '"text"', '["one", "two"]', true or 5`, found: 'a list of 2' },
    ])
  })
})

describe('faults of expressions', () => {
  it.each([
    ['size(metadata.redirect_uris > 0', 'a closing ) for it', 'none at "(metadata.redirect_uris > 0"'],
    ['size(metadata.redirect_uris)) > 0', 'an opening bracket before it', ') at ") > 0"'],
    ['metadata.redirect_uris.all(u, u in ["a")', ']', ') at ")"'],
    ['statement.software_id in ["a)"', 'a closing ] for it', 'none at "["a)""'],
    ['statement.software_id == "a', 'a closing quote', 'none at ""a"'],
    ['true ||', 'a valid expression', 'less than a whole one at the end'],
    ['true true', 'a valid expression', 'something that does not belong there at "true"'],
  ])('say in words what is missing in %s', async (expression, wanted, found) => {
    const rule = `rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(expression)} }]`
    expect((await loadTexts({ tested: HEAD + rule })).faults).toMatchObject([{ wanted, found }])
  })

  it.each([
    ['duration("30d") > duration("1h")', 'a duration in h, m and s, such as 720h or 1h30m, of 292 years at most'],
    ['duration("") > duration("1h")', 'a duration in h, m and s, such as 720h or 1h30m, of 292 years at most'],
    ['duration("h") > duration("1.5h")', 'a duration in h, m and s, such as 720h or 1h30m, of 292 years at most'],
    ['timestamp("yesterday") < now', 'a time of the years 1 to 9999, such as 2027-01-01T00:00:00Z'],
    ['timestamp("2027-01-01") < now', 'a time of the years 1 to 9999, such as 2027-01-01T00:00:00Z'],
    ['timestamp("2027-02-30T00:00:00Z") < now', 'a time of the years 1 to 9999, such as 2027-01-01T00:00:00Z'],
  ])('tell at load of a literal with which %s would refuse everybody', async (expression, wanted) => {
    const rule = `rules: [{ id: r, title: t, message: m, require: '${expression}' }]`
    expect((await loadTexts({ tested: HEAD + rule })).faults).toMatchObject([{ wanted }])
  })

  it('do not tell of literals that are what they should be', async () => {
    const require =
      'timestamp("2027-01-01T00:00:00+01:00") - duration("1h30m") < now + duration("-1.5s") + duration(statement.software_id)'
    const rule = `rules: [{ id: r, title: t, message: m, found: variables.activeRoles, require: '${require}' }]`
    expect((await loadTexts({ tested: HEAD + rule })).faults).toEqual([])
  })

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
client: { key: nobody, single: nobody, owner: nobody, registered: nobody }
`
    expect((await loadTexts({ tested: body })).faults.map(({ path }) => path).sort()).toEqual([
      'client.key',
      'client.owner',
      'client.registered',
      'client.single',
      'effects[0].default.client_name',
      'effects[0].when',
      'effects[1].set.client_name',
      'headers.X-A',
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
members: { client_name: string, scope: string, redirect_uris: list(string) }
effects:
  - when: "1"
    default: { client_name: '["a"]' }
  - set: { client_name: 5 }
scopes: { id: s, grantedBy: '"a"', restrict: '"a"', roles: {} }
rules: [{ id: r, title: t, message: m, when: "1", require: '"true"' }]
headers: { X-A: "1" }
client: { key: "true", single: "now", owner: certificate.policies, registered: registered.?redirect_uris }
`
    const faults = (await loadTexts({ tested: body })).faults.map(({ path, wanted, found }) => [path, wanted, found])
    expect(faults.sort()).toEqual([
      ['client.key', 'an expression that gives string or optional<string>', 'one that gives bool at "true"'],
      [
        'client.owner',
        'an expression that gives string or optional<string>',
        'one that gives list<string> at "certificate.policies"',
      ],
      [
        'client.registered',
        'an expression that gives string or optional<string>',
        'one that gives optional<list<string>> at "registered.?redirect_uris"',
      ],
      ['client.single', 'an expression that gives bool', 'one that gives google.protobuf.Timestamp at "now"'],
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
      ['rules[0].require', 'an expression that gives bool', 'one that gives string at ""true""'],
      ['rules[0].when', 'an expression that gives bool', 'one that gives int at "1"'],
      ['scopes.grantedBy', 'an expression that gives list<string>', 'one that gives string at ""a""'],
      ['scopes.restrict', 'an expression that gives bool', 'one that gives string at ""a""'],
    ])
  })
})
