import { describe, expect, it } from 'vitest'
import { loadTexts } from '../policy-fixture.ts'

const HEAD = `
parameters: { mode: { type: string, default: a, oneOf: [a, b], meaning: m } }
certificateClasses: { qwac: certificate.qualified.compliance, other: 'true' }
softwareStatement: { create: required, update: optional, algorithms: [PS256], claims: { org_id: string } }
members: { client_name: string }
variables: { named: has(metadata.client_name), never: 1 > 2 }
headers: { X-Named: string(variables.named), X-Never: string(variables.never) }
`

async function faultsOf(rule: string, head = HEAD): Promise<readonly string[]> {
  const { faults } = await loadTexts({ tested: `${head}rules: [{ id: r, title: t, message: m, ${rule} }]` })
  return faults.map(({ path, hint }) => `${path}: ${hint ?? ''}`)
}

describe('rules that do something', () => {
  it.each([
    'require: variables.named',
    'on: [delete], require: request.operation != "delete"',
    'on: [create, delete], when: request.operation == "create", require: has(metadata.client_name)',
    'on: [read], require: "!request.hasStatement && certificate.publicKey.bits > 2048"',
    'on: [create, read], require: request.operation == "read" || has(statement.org_id)',
    'require: has(statement.org_id)',
    'when: parameters.mode == "a", require: variables.named',
    'when: certificateClass == "qwac", require: variables.named',
    'certificate: [qwac], require: variables.named',
    'certificate: [qwac, other], when: certificateClass == "other", require: variables.named',
    'from: 2020-01-01, until: 2020-01-01, require: variables.named',
    'mode: report, require: variables.named',
  ])('are no faults: %s', async (rule) => {
    expect(await faultsOf(rule)).toEqual([])
  })
})

describe('rules that do nothing, or the same to everybody', () => {
  const never = 'rules[0].when: what stands here would never apply'
  it.each([
    ['when: "false", require: variables.named', never],
    ['when: variables.never, require: variables.named', never],
    ['on: [create], when: request.operation == "update", require: variables.named', never],
    ['on: [read, delete], when: request.hasStatement, require: certificate.publicKey.bits > 1', never],
    ['certificate: [qwac], when: certificateClass == "other", require: variables.named', never],
    ['require: variables.named || true', 'rules[0].require: the rule would never refuse anybody'],
    ['require: "!variables.never"', 'rules[0].require: the rule would never refuse anybody'],
    [
      'mode: report, require: variables.never',
      'rules[0].require: to refuse an operation altogether, write request.operation != "delete" and the like',
    ],
  ])('are faults: %s', async (rule, fault) => {
    expect(await faultsOf(rule)).toEqual([fault])
  })

  it('are told by what the policy that extends another one leaves no choice about', async () => {
    const heir = (rule: string): Record<string, string> => ({
      base: HEAD,
      heir: `extends: [base]
parameters: { mode: { type: string, default: a, oneOf: [a], meaning: m } }
softwareStatement: { update: forbidden }
rules: [{ id: r, title: t, message: m, ${rule} }]`,
    })
    const never = [{ file: 'heir/policy.yaml', hint: 'what stands here would never apply' }]
    expect((await loadTexts(heir('when: parameters.mode != "a", require: variables.named'))).faults).toMatchObject(
      never,
    )
    const update = 'on: [update], when: has(statement.org_id), require: variables.named'
    expect((await loadTexts(heir(update))).faults).toMatchObject(never)
    expect((await loadTexts(heir('when: has(statement.org_id), require: variables.named'))).faults).toEqual([])
  })

  it('are no faults of a policy that narrows what it extends', async () => {
    const base = `${HEAD}rules: [{ id: r, title: t, message: m, when: parameters.mode == "b", require: variables.named }]`
    const heir = 'extends: [base]\nparameters: { mode: { type: string, default: a, oneOf: [a], meaning: m } }'
    expect((await loadTexts({ base, heir })).faults).toEqual([])
  })

  it('are not looked for where a policy leaves it to others whether a statement may be sent', async () => {
    const head = 'softwareStatement: { claims: { org_id: string } }\n'
    expect(await faultsOf('when: has(statement.org_id), require: statement.org_id != "x"', head)).toEqual([])
  })

  it('are not reported beside another fault of the same rule', async () => {
    expect(await faultsOf('when: nobody, require: "true"')).toHaveLength(1)
    expect(await faultsOf('on: [read], require: has(metadata.client_name)')).toHaveLength(1)
  })
})

describe('variables that name each other again and again', () => {
  const chain = (first: string, next: (name: string) => string): string => {
    const lines = Array.from({ length: 60 }, (_, index) => `  v${index + 1}: ${next(`variables.v${index}`)}`)
    return `variables:\n  v0: ${first}\n${lines.join('\n')}\n`
  }

  it.each([
    ['as conditions', chain('1 > 2', (name) => `${name} || ${name}`), '!variables.v60'],
    ['as lists', chain(`'["create"]'`, (name) => `${name} + ${name}`), 'request.operation in variables.v60'],
    [
      'as lists of lists',
      chain(`'["create"]'`, (name) => `'[${name}, ${name}]'`),
      'size(variables.v60) > 3 || size(translations) > 0',
    ],
  ])('do not keep the load from ending: %s', async (_, variables, require) => {
    const { faults } = await loadTexts({
      tested: `${variables}rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(require)} }]`,
    })
    expect(faults.length).toBeLessThan(130)
  })
})
