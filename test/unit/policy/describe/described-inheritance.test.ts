import { describe, expect, it } from 'vitest'
import { INHERITANCE } from '../../../../src/policy/compile/inheritance.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { describePolicy } from '../../../../src/policy/describe/describe-policy.ts'
import { loadTexts } from '../policy-fixture.ts'

const COMMON = `
clientCertificate: { required: false }
softwareStatement: { create: optional, algorithms: [PS256], claims: { uri: string } }
members: { a: string, b: string, scope: string }
`

/** For each section a base, a child, what the description says of it, and the same of what is enforced. */
interface Case {
  readonly base: string
  readonly child: string
  readonly described: readonly string[]
  readonly enforced: (policy: CompiledPolicy) => readonly string[]
}

const keysOf = (map: ReadonlyMap<string, unknown>): readonly string[] => [...map.keys()]
const rule = (id: string, more = ''): string => `{ id: ${id}, title: t, message: m, require: has(metadata.a)${more} }`
const entry = (id: string, more = ''): string => `{ id: ${id}, key: metadata.?a, holdsSeconds: 60, message: m${more} }`

const CASES: Readonly<Partial<Record<keyof typeof INHERITANCE, Case>>> = {
  parameters: {
    base: 'parameters: { p: { type: bool, default: true, meaning: m }, q: { type: bool, default: true, meaning: m } }',
    child: 'parameters: { q: { type: bool, default: false, meaning: m } }',
    described: ['p true', 'q false'],
    enforced: ({ parameters }) => [...parameters].map(([name, { default: value }]) => `${name} ${String(value)}`),
  },
  clientCertificate: {
    base: 'clientCertificate: { required: false, revocation: { check: [crl] } }',
    child: 'clientCertificate: { revocation: { check: [ocsp] } }',
    described: ['required false', 'revocation ocsp'],
    enforced: ({ certificate }) => [
      `required ${String(certificate.required)}`,
      `revocation ${String(certificate.revocation?.check.join())}`,
    ],
  },
  certificateClasses: {
    base: `certificateClasses: { x: 'certificate.subject.C == ["BR"]', y: 'certificate.subject.O == ["O"]' }`,
    child: `certificateClasses: { z: 'certificate.subject.O == ["Y"]', x: 'certificate.subject.C == ["GB"]' }`,
    described: ['z certificate.subject.O == ["Y"]', 'x certificate.subject.C == ["GB"]'],
    enforced: ({ certificateClasses }) =>
      [...(certificateClasses?.classes ?? [])].map(([name, { text }]) => `${name} ${text}`),
  },
  softwareStatement: {
    base: 'softwareStatement: { create: optional, algorithms: [PS256], directories: { d: { issuers: [i], jwksUri: "https://d.example" } } }',
    child:
      'softwareStatement: { create: required, directories: { e: { issuers: [j], jwksUri: "https://e.example" } } }',
    described: ['algorithms PS256', 'directories.d i', 'create required', 'directories.e j'],
    enforced: ({ statement, directories }) => [
      `algorithms ${statement.algorithms.join()}`,
      ...directories.map(({ name, issuers }) => `directories.${name} ${issuers.join()}`),
      `create ${statement.mode.create}`,
    ],
  },
  members: {
    base: 'members: { a: string, b: string }',
    child: 'members: { b: int }',
    described: ['a string', 'b int'],
    enforced: ({ members }) => [...members].map(([name, { kind }]) => `${name} ${kind}`),
  },
  unknownMembers: {
    base: 'unknownMembers: strip',
    child: 'unknownMembers: refuse',
    described: ['unknownMembers refuse'],
    enforced: ({ refusesUnknownMembers }) => [`unknownMembers ${refusesUnknownMembers ? 'refuse' : 'strip'}`],
  },
  variables: {
    base: `variables: { v: '"1"', w: '"2"' }\nheaders: { X-V: variables.v + variables.w }`,
    child: `variables: { w: '"3"' }`,
    described: ['v "1"', 'w "3"'],
    enforced: ({ variables }) => [...variables].map(([name, { text }]) => `${name} ${text}`),
  },
  effects: {
    base: 'effects: [{ remove: [a] }]',
    child: 'effects: [{ remove: [b] }]',
    described: ['base effects[0] a', 'child effects[0] b'],
    enforced: ({ effects }) =>
      effects.map(({ removes }, at) => `${['base', 'child'][at] ?? ''} effects[0] ${removes[0] ?? ''}`),
  },
  scopes: {
    base: `scopes: { id: s, always: [x], grantedBy: '["x"]', roles: {} }`,
    child: `scopes: { id: t, always: [y], grantedBy: '["x"]', roles: {} }`,
    described: ['t y'],
    enforced: ({ scopes }) => [`${scopes?.id ?? ''} ${scopes?.always.join() ?? ''}`],
  },
  rules: {
    base: `rules: [${rule('r')}, ${rule('s')}, ${rule('off-rule')}]`,
    child: `off: [off-rule]\nrules: [${rule('s', ', mode: report, override: true')}]`,
    described: ['r enforce', 's report'],
    enforced: ({ rules }) => rules.map(({ id, enforced }) => `${id} ${enforced ? 'enforce' : 'report'}`),
  },
  headers: {
    base: 'headers: { X-A: metadata.?a, X-B: metadata.?a }',
    child: 'headers: { X-B: metadata.?b }',
    described: ['X-A metadata.?a', 'X-B metadata.?b'],
    enforced: ({ headers }) => [...headers].map(([name, { text }]) => `${name} ${text}`),
  },
  client: {
    base: 'client: { key: metadata.?a, single: false }',
    child: 'client: { key: metadata.?b }',
    described: ['key metadata.?b', 'single false'],
    enforced: ({ client: { key, single } }) => [
      `key ${key?.text ?? ''}`,
      `single ${typeof single === 'boolean' ? single : single.text}`,
    ],
  },
  once: {
    base: `once: [${entry('o')}, ${entry('p')}, ${entry('off-once')}]`,
    child: `off: [off-once]\nonce: [${entry('p', ', override: true, clause: c')}]`,
    described: ['o undefined', 'p c'],
    enforced: ({ once }) => once.map(({ id, clause }) => `${id} ${clause ?? 'undefined'}`),
  },
  response: {
    base: 'response: { echoStatement: true, remove: [x], set: { m: metadata.?a }, success: { delete: { status: 200 } } }',
    child:
      'response: { echoStatement: false, remove: [y], set: { n: metadata.?a }, success: { create: { status: 200 } } }',
    described: [
      'echoStatement false',
      'remove x',
      'remove y',
      'set.m metadata.?a',
      'set.n metadata.?a',
      'success.create 200',
      'success.delete 200',
    ],
    enforced: ({ response }) => [
      `echoStatement ${String(response.echoesStatement)}`,
      ...response.removes.map((member) => `remove ${member}`),
      ...[...response.sets].map(([name, { text }]) => `set.${name} ${text}`),
      ...[...response.statuses].map(([operation, status]) => `success.${operation} ${status}`),
    ],
  },
  errorAnswer: {
    base: `errorAnswer: { contentType: application/problem+json, body: '{"t": error.code}' }`,
    child: `errorAnswer: { body: '{"u": error.code}' }`,
    described: ['body {"u": error.code}'],
    enforced: ({ errorAnswer }) => [
      ...(errorAnswer?.contentType === 'application/json' ? [] : ['contentType']),
      `body ${errorAnswer?.body.text ?? ''}`,
    ],
  },
  reasons: {
    base: 'reasons: { statement-too-old: { error: one }, statement-malformed: { error: two }, client-certificate-required: { error: three } }',
    child: 'reasons: { statement-*: { error: four }, statement-malformed: { error: five } }',
    described: ['client-certificate-required three', 'statement-* four', 'statement-malformed five'],
    enforced: ({ reasons }) => [
      `client-certificate-required ${reasons['client-certificate-required']?.error ?? ''}`,
      `statement-* ${reasons['statement-too-old']?.error ?? ''}`,
      `statement-malformed ${reasons['statement-malformed']?.error ?? ''}`,
    ],
  },
  signedRequest: {
    base: 'signedRequest: { create: optional, contentTypes: [application/jose], algorithms: [PS256], keys: { uri: statement.?uri, hosts: [h.example] }, claims: { jti: string } }',
    child: 'signedRequest: { algorithms: [ES256], claims: { iss: string } }',
    described: [
      'algorithms ES256',
      'claims.iss string',
      'claims.jti string',
      'contentTypes application/jose',
      'create optional',
      'keys statement.?uri',
    ],
    enforced: ({ signedRequest, requestClaims }) => [
      `algorithms ${signedRequest?.algorithms.join() ?? ''}`,
      ...[...requestClaims].map(([name, { kind }]) => `claims.${name} ${kind}`),
      `contentTypes ${signedRequest?.contentTypes.join() ?? ''}`,
      `create ${signedRequest?.mode.create ?? ''}`,
      `keys ${signedRequest?.keys.kind === 'address' ? signedRequest.keys.uri.text : ''}`,
    ],
  },
  lookups: {
    base: `lookups: { k: { url: 'requested.?a', hosts: any, type: jwks }, l: { url: 'requested.?a', hosts: any, type: jwks } }\nvariables: { n: 'size(lookups.k) + size(lookups.l)' }`,
    child: `lookups: { l: { url: 'requested.?b', hosts: any, type: jwks } }\nrules: [{ id: r, title: t, message: m, require: variables.n > 0 }]`,
    described: ['k requested.?a', 'l requested.?b'],
    enforced: ({ lookups }) => lookups.map(({ name, url }) => `${name} ${url.text}`),
  },
  vocabularies: {
    base: 'vocabularies: { role: [x], other: [x] }',
    child: 'vocabularies: { role: [y] }\nmembers: { a: role, b: other }',
    described: ['other x', 'role y'],
    enforced: ({ members }) =>
      [...members.values()].flatMap((type) =>
        type.kind === 'word' ? [`${type.vocabulary.name} ${type.vocabulary.words.join()}`] : [],
      ),
  },
  types: {
    base: 'types: { One: { x: string }, Two: { x: string } }',
    child: 'types: { Two: { y: string } }\nmembers: { a: One, b: Two }',
    described: ['One x', 'Two y'],
    enforced: ({ members }) =>
      [...members.values()].flatMap((type) =>
        type.kind === 'object' ? [`${type.name} ${keysOf(type.fields).join()}`] : [],
      ),
  },
}

/** The key of an item that its section is best told by. */
const TOLD: Readonly<Record<string, string>> = {
  parameters: 'default',
  effects: 'remove',
  scopes: 'always',
  rules: 'mode',
  once: 'clause',
  lookups: 'url',
}

describe('what is described of a policy that extends another one', () => {
  it('has a case for every section', () => {
    const sections = Object.entries(INHERITANCE).flatMap(([name, how]) => (how === 'head' ? [] : [name]))
    expect(Object.keys(CASES).sort()).toEqual(sections.sort())
  })

  it.each(Object.entries(CASES))('is what is enforced: %s', async (section, { base, child, described, enforced }) => {
    const common = COMMON.split('\n').filter(
      (line) => line !== '' && !`\n${base}`.includes(`\n${line.split(':')[0] ?? ''}:`),
    )
    const { policies, resolved, faults } = await loadTexts({
      base: `${common.join('\n')}\n${base}\n`,
      child: `extends: [base]\n${child}\n`,
    })
    const [policy, source] = [policies.get('child'), resolved.get('child')]
    if (policy === undefined || source === undefined) throw new Error(JSON.stringify(faults))
    const items = describePolicy(source).items.filter((item) => item.section === section)
    const told = items.map(({ name, fields }) => {
      const values = Object.fromEntries(fields)
      const wanted = TOLD[section]
      if (section === 'types') return `${name} ${fields.map(([key]) => key).join()}`
      return `${name} ${String(wanted === undefined ? (values['is'] ?? fields[0]?.[1]) : values[wanted])}`
    })
    const ordered = ['effects', 'certificateClasses', 'rules'].includes(section)
    const arranged = (texts: readonly string[]): readonly string[] => (ordered ? texts : [...texts].sort())
    expect(arranged(told)).toEqual(arranged(described))
    expect(arranged(enforced(policy))).toEqual(arranged(described))
  })
})
