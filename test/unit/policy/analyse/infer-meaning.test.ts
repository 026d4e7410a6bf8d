import { describe, expect, it } from 'vitest'
import { loadTexts } from '../policy-fixture.ts'

const HEAD = `
vocabularies:
  role: [AISP, PISP, CBPII]
  scope: [openid, accounts, payments]
types:
  Authorisation: { state: string, roles: list(role) }
  Claims: { status: string, authorisations: list(Authorisation) }
parameters:
  mode: { type: string, default: strict, oneOf: [strict, lenient], meaning: m }
  days: { type: int, default: 7, oneOf: [7, 30], meaning: m }
  roles: { type: list(role), default: [AISP], meaning: m }
  free: { type: string, default: x, meaning: m }
softwareStatement:
  create: optional
  update: optional
  algorithms: [PS256]
  claims: { roles: list(role), authority: Claims, rolesByState: 'map(string, list(role))' }
members: { scope: words(scope), role: role, other_role: role, name: string, response_types: list(words(scope)) }
certificateClasses: { obwac: certificate.qualified.compliance, legacy: 'true' }
variables:
  role: metadata.?role.orValue("")
  roles: statement.?roles.orValue([])
  states: '["AISP", "GB"]'
  mixed: '[metadata.?role, metadata.?other_role].filter(r, r.hasValue()).map(r, r.value())'
`

/** Names every variable: one that nothing names is a fault. */
const ALL = '[dyn(variables.role), dyn(variables.roles), dyn(variables.states), dyn(variables.mixed)]'

async function foreignWordsIn(expression: string): Promise<readonly string[]> {
  const rule = `rules: [{ id: r, title: t, message: m, found: ${JSON.stringify(expression)}, wanted: '${ALL}', require: size(translations) == 0 }]`
  const { faults } = await loadTexts({ tested: HEAD + rule })
  expect(faults.filter(({ wanted }) => !wanted.startsWith('a word of '))).toEqual([])
  return faults.map(({ found }) => found)
}

describe('a literal that no word of the vocabulary equals is found', () => {
  it.each([
    ['of a member', 'metadata.role == "X"'],
    ['on the other side', '"X" != metadata.role'],
    ['in brackets', 'requested["role"] == "X"'],
    ['of an optional', 'metadata.?role.orValue("") == "X"'],
    ['as the value in place of an absent one', 'metadata.?role.orValue("X")'],
    ['in a list of literals', 'metadata.role in ["AISP", "X"]'],
    ['among the keys of a map', 'metadata.role in {"AISP": 1, "X": 2}'],
    ['as the key that is looked up by', '{"AISP": 1, "X": 2}[metadata.role] == 1'],
    ['in a claim that is a list', '"X" in statement.roles'],
    ['against a whole list', 'statement.roles == ["AISP", "X"]'],
    ['in a claim that is a map of lists', '"X" in statement.rolesByState["GB"]'],
    ['deep in an object', 'statement.authority.authorisations.exists(a, a.state == "GB" && "X" in a.roles)'],
    ['deep in an optional object', 'statement.?authority.?authorisations.orValue([]).exists(a, "X" in a.roles)'],
    ['by index', 'statement.roles[0] == "X" || statement.roles[?0].orValue("") == "AISP"'],
    ['in a loop over words', 'variables.roles.all(r, r != "X")'],
    ['in a loop over literals', '["AISP", "X"].exists(r, r == metadata.role)'],
    ['after filter and map', 'variables.roles.filter(r, r != "").map(r, r).exists_one(r, r == "X")'],
    ['after map with a condition', 'variables.roles.map(r, r != "", r).exists(r, r == "X")'],
    ['after lists were put together', '(statement.roles + [metadata.role]).exists(r, r == "X")'],
    ['after a choice', '(has(metadata.role) ? metadata.role : metadata.other_role) == "X"'],
    ['in one branch of a choice', 'metadata.role == (has(metadata.name) ? "AISP" : "X")'],
    ['through a variable', 'variables.role == "X"'],
    ['through a list of optionals', '"X" in variables.mixed'],
    ['through a bound name', 'cel.bind(r, metadata.role, r == "X")'],
    ['through dyn and string', 'dyn(metadata.role) == "X" && string(metadata.role) == "AISP"'],
    ['through an alternative', 'metadata.?role.or(metadata.?other_role).orValue("") == "X"'],
    ['through an optional of ours', 'optional.of(metadata.role).value() == "X"'],
    ['in sets.contains', 'sets.contains(["AISP", "X"], variables.roles)'],
    ['in sets.equivalent', 'sets.equivalent(variables.roles, ["X"])'],
    ['in sets.intersects', 'sets.intersects(variables.roles, ["X"])'],
    ['in sets.difference', 'sets.difference(variables.roles, ["X"]) == []'],
    ['after sets.difference', '"X" in sets.difference(variables.roles, ["AISP"])'],
    ['in scopes(...)', '"X" in scopes(metadata.scope)'],
    ['in words split at spaces', 'metadata.scope.split(" ").exists(s, s == "X")'],
    ['in a delimited text as a whole', 'metadata.scope == "openid X"'],
    ['in a part of a delimited text', 'metadata.scope.contains("X")'],
    [
      'in a list of delimited texts',
      'metadata.response_types.exists(r, r == "accounts X" || "openid" in r.split(" "))',
    ],
    ['in each word of such a list', 'metadata.response_types.exists(r, "X" in r.split(" "))'],
    ['of a parameter', 'parameters.mode == "X"'],
    ['of a parameter of words', '"X" in parameters.roles'],
    ['of the operation', 'request.operation == "X"'],
    ['of the class of the certificate', 'certificateClass == "X"'],
    ['of the type of a key', 'certificate.publicKey.type == "X"'],
    ['of the curve of a key', 'certificate.publicKey.curve == "X"'],
    ['of the usages of a key', '"X" in certificate.keyUsage'],
    ['of the types of a qualified certificate', '"X" in certificate.qualified.types'],
    ['of the roles of a payment service provider', '"X" in certificate.qualified.?psd2.?roles.orValue([])'],
    ['of the string types of a name', 'certificate.subject.rdns.all(r, r.all(a, a.stringType == "X"))'],
  ])('%s: %s', async (_, expression) => {
    expect(await foreignWordsIn(expression)).toEqual(['"X"'])
  })

  it('of a number among legal numbers', async () => {
    expect(await foreignWordsIn('parameters.days == 8')).toEqual(['8'])
    expect(await foreignWordsIn('parameters.days == 30')).toEqual([])
  })

  it('every one of several, each once', async () => {
    expect(await foreignWordsIn('metadata.role in ["X", "Y"] || metadata.role == "Z"')).toEqual(['"X"', '"Y"', '"Z"'])
  })
})

describe('nothing is found', () => {
  it.each([
    ['in words of the vocabulary', 'metadata.role in ["AISP", "PISP"] && "openid" in scopes(metadata.scope)'],
    ['in the empty text, which stands for absent', 'metadata.?role.orValue("") == ""'],
    ['where the text has no vocabulary', 'metadata.name == "X" || parameters.free == "X"'],
    ['where the comparison is with another text', 'metadata.role == metadata.name'],
    ['where a list holds more than words', '[metadata.role, metadata.name].exists(r, r == "X")'],
    ['where a list holds words of several vocabularies', '[metadata.role, request.operation].exists(r, r == "X")'],
    [
      'once letters were changed',
      'metadata.role.lowerAscii() == "aisp" && certificate.keyUsage[0].upperAscii() == "X"',
    ],
    ['in a text that words are part of', '"role " + metadata.role == "role AISP"'],
    ['in parts at another delimiter', '"X" in metadata.scope.split(",")'],
    ['in what a choice gives beside words', '(has(metadata.role) ? metadata.role : "nobody") == "nobody"'],
    [
      'in OIDs of what has no name',
      '"1.2.3" in certificate.qualified.types && "1.2.3" in certificate.qualified.psd2.roles',
    ],
    ['in roles as their issuer wrote them', '"Payment Initiation" in certificate.qualified.psd2.writtenRoles'],
    ['in the keys of a map of a claim', 'statement.rolesByState.exists(state, state == "X")'],
    [
      'in a variable that shadows nothing of another loop',
      '["X"].exists(r, r == metadata.name) && variables.roles.all(r, r == "AISP")',
    ],
    ['in what is shown as wanted', '["a role, such as AISP"]'],
  ])('%s: %s', async (_, expression) => {
    expect(await foreignWordsIn(expression)).toEqual([])
  })
})

describe('a foreign word', () => {
  it('stands in the report at its own column, with the nearest word', async () => {
    const body = `${HEAD}rules:\n  - id: r\n    title: t\n    message: m\n    require: '"AISP" in variables.roles || "PSIP" in variables.roles'\n`
    const [fault, ...others] = (await loadTexts({ tested: body })).faults
    expect(others).toEqual([])
    const line = body.split('\n').findIndex((text) => text.includes('PSIP')) + 6
    expect(fault).toMatchObject({
      ...{ line, column: 15 + '"AISP" in variables.roles || '.length },
      ...{ wanted: 'a word of role (AISP, PISP, CBPII)', found: '"PSIP"', hint: 'did you mean PISP?' },
    })
  })

  it('of a variable is reported where the variable is used', async () => {
    const { faults } = await loadTexts({
      tested: `${HEAD}rules: [{ id: r, title: t, message: m, require: metadata.role in variables.states }]`,
    })
    expect(faults).toMatchObject([{ path: 'rules[0].require', found: '"GB"' }])
  })
})

describe('the vocabulary of an extended policy', () => {
  const base = `
vocabularies: { role: [AISP, PISP] }
members: { role: role, scope: string }
parameters: { mode: { type: string, default: strict, oneOf: [strict, lenient], meaning: m } }
rules: [{ id: r, title: t, message: m, when: parameters.mode == "lenient", require: metadata.role == "PISP" }]
`

  it('binds those who extend it', async () => {
    const heir = 'extends: [base]\nrules: [{ id: s, title: t, message: m, require: metadata.role == "CBPII" }]'
    expect((await loadTexts({ base, heir })).faults).toMatchObject([{ file: 'heir/policy.yaml', found: '"CBPII"' }])
  })

  it('may be replaced, and then no longer binds what the extended policy says', async () => {
    const heir = `extends: [base]
vocabularies: { role: [AISP, CBPII] }
parameters: { mode: { type: string, default: strict, oneOf: [strict], meaning: m } }
rules: [{ id: s, title: t, message: m, require: metadata.role == "CBPII" }]`
    expect((await loadTexts({ base, heir })).faults).toEqual([])
  })
})
