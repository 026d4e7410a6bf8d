import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/document/read-document.ts'
import { faultsOf, schema } from './sample-document.ts'

describe('readDocument', () => {
  it('gives the value that the schema makes of a document without fault', () => {
    const { value, data, faults } = readDocument('x.yaml', 'port: 8443\nopen: true\n', schema)
    expect(value).toEqual({ port: 8443, open: true, state: { kind: 'memory' } })
    expect(data).toEqual({ port: 8443, open: true })
    expect(faults).toEqual([])
  })

  it('names the file in every fault', () => {
    expect(readDocument('x.yaml', 'port: x', schema).faults).toStrictEqual([
      { file: 'x.yaml', line: 1, column: 1, path: 'port', wanted: 'a whole number from 0 to 65535', found: '"x"' },
    ])
  })

  it.each([
    ['text for a number', 'port: https', '1:1 port: a whole number from 0 to 65535 / "https"'],
    ['a number out of range', 'port: 70000', '1:1 port: a whole number from 0 to 65535 / 70000'],
    ['a broken number', 'port: 1.5', '1:1 port: a whole number from 0 to 65535 / 1.5'],
    ['a number in quotes', 'port: "443"', '1:1 port: a whole number from 0 to 65535 / "443" / leave out the quotes'],
    ['a number for text', 'title: 1.0', '1:1 title: text of 1 to 20 characters / 1 / put it in quotes'],
    ['a number above its bound', 'ratio: 2', '1:1 ratio: a number of at most 1 / 2'],
    ['empty text', 'title: ""', '1:1 title: text of 1 to 20 characters / ""'],
    ['long text', `title: ${'x'.repeat(100)}`, `1:1 title: text of 1 to 20 characters / "${'x'.repeat(60)}..."`],
    ['text of another form', 'name: A1', '1:1 name: a lower-case word / "A1"'],
    ['another type for text of a form', 'name: 5', '1:1 name: a lower-case word / 5 / put it in quotes'],
    [
      'a word that is none of the legal ones',
      'level: wran',
      '1:1 level: one of info, warn, error / "wran" / did you mean warn?',
    ],
    ['a word like none of the legal ones', 'level: loud', '1:1 level: one of info, warn, error / "loud"'],
    ['a truth value for a number', 'port: true', '1:1 port: a whole number from 0 to 65535 / true'],
    ['an empty map for text', 'title: {}', '1:1 title: text of 1 to 20 characters / an empty map'],
    ['a map for text', 'title: {a: 1}', '1:1 title: text of 1 to 20 characters / a map'],
    [
      'text of 60 characters',
      `title: ${'x'.repeat(60)}`,
      `1:1 title: text of 1 to 20 characters / "${'x'.repeat(60)}"`,
    ],
    [
      'nothing for a map with a tag',
      'state:',
      '1:1 state: a map with the keys kind, options or a map with the keys kind, options, url / nothing',
    ],
    ['a number for a truth value', 'open: "5"', '1:1 open: true or false / "5"'],
    ['a word that a second rule forbids', 'name: root', '1:1 name: a word other than root / "root"'],
    ['another value in a map of lists', 'roles: {A: [1]}', '1:13 roles.A[0]: text / 1 / put it in quotes'],
    ['yes, which is text in YAML 1.2', 'open: yes', '1:1 open: true or false / "yes"'],
    ['http for https', 'keys: http://x.example', '1:1 keys: an https URL / "http://x.example"'],
    ['text for a URL', 'home: x', '1:1 home: a URL / "x"'],
    ['an empty value', 'port:', '1:1 port: a whole number from 0 to 65535 / nothing'],
    [
      'a list for a map',
      'state: [1, 2]',
      '1:1 state: a map with the keys kind, options or a map with the keys kind, options, url / a list of 2',
    ],
    [
      'an empty list',
      'rules: []',
      '1:1 rules: a list of at least 1, each entry a map with the keys id, allow / an empty list',
    ],
    ['a key of another form', 'roles:\n  a b: []', '2:3 roles["a b"]: an upper-case word / a b'],
    ['a key that is too long', 'words: {four: 1}', '1:9 words.four: text of at most 3 characters / four'],
    [
      'a misspelt key out of a list',
      'reasons:\n  too-odl: x',
      '2:3 reasons.too-odl: a known key / too-odl / did you mean too-old?',
    ],
    ['keys that contradict each other', 'pair: {from: 2, to: 1}', '1:1 pair: from before to / the contrary'],
    [
      'another document than a map',
      '- 1',
      '1:1 : a map with the keys port, ratio, name, title, level, open, keys, home, state, rules, words, roles and 6 more / a list of 1',
    ],
    [
      'a file of comments',
      '# nothing',
      '0:0 : a map with the keys port, ratio, name, title, level, open, keys, home, state, rules, words, roles and 6 more / nothing',
    ],
  ])('says what was wanted and what was found for %s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual([expected])
  })

  it('reports every fault of a document at once, each at its line and column', () => {
    expect(
      faultsOf('port: x\nlevel: y\nrules:\n  - id: 1\n    allow: [a, 2]\n  - {id: b, allow: c, extra: d}\n'),
    ).toEqual([
      '1:1 port: a whole number from 0 to 65535 / "x"',
      '2:1 level: one of info, warn, error / "y"',
      '4:5 rules[0].id: text / 1 / put it in quotes',
      '5:16 rules[0].allow[1]: text / 2 / put it in quotes',
      '6:23 rules[1].extra: a known key / extra / the keys here are id, allow',
    ])
  })

  it('reports an unknown key at the key itself, with the key that was meant', () => {
    expect(faultsOf('port: 1\nlevle: info\n')).toEqual(['2:1 levle: a known key / levle / did you mean level?'])
  })

  it('reports a misspelt key once, not as missing as well', () => {
    expect(faultsOf('rules:\n  - id: a\n    alow: b\n')).toEqual([
      '3:5 rules[0].alow: a known key / alow / did you mean allow?',
    ])
  })

  it('reports a missing key where it should stand', () => {
    expect(faultsOf('rules:\n  - id: a\n    allow: b\n  - allow: b\n')).toEqual(['4:5 rules[1].id: text / nothing'])
  })

  it('takes a value of a union for the branch with the fewest faults', () => {
    expect(faultsOf('rules: [{id: a, allow: {from: 2026-01-01, until: soon}}]')).toEqual([
      '1:43 rules[0].allow.until: a date such as 2026-01-31 / "soon"',
    ])
    expect(faultsOf('rules: [{id: a, allow: 5}]')).toEqual([
      '1:17 rules[0].allow: text or a list, each entry text or a map with the keys one, two, from or a map with the keys from, until / 5',
    ])
  })

  it('tells the kinds of a discriminated union by their tag', () => {
    expect(faultsOf('state: {kind: rediss}')).toEqual([
      '1:9 state.kind: memory or redis / "rediss" / did you mean redis?',
    ])
    expect(faultsOf('state: {ttl: 5}')).toEqual(['1:1 state.kind: memory or redis / nothing'])
    expect(faultsOf('state: {kind: memory, url: 5}')).toEqual([
      '1:23 state.url: a known key / url / the keys here are kind, options',
    ])
  })

  it('looks at the keys of the kind that the tag names, and of no other', () => {
    expect(faultsOf('state: {kind: memory, options: {db: 1, size: 2}}')).toEqual([
      '1:33 state.options.db: a known key / db / the keys here are size',
    ])
  })

  it('reports a faulty key even where a misspelling of it stands beside it', () => {
    expect(faultsOf('rules:\n  - {id: 1, idd: a, allow: b}\n')).toEqual([
      '2:6 rules[0].id: text / 1 / put it in quotes',
      '2:13 rules[0].idd: a known key / idd / did you mean id?',
    ])
  })

  it('reports rules over several keys, and unknown keys, in a branch of a union', () => {
    expect(faultsOf('span: {from: 2, to: 1}')).toEqual(['1:1 span: from before to / the contrary'])
    expect(faultsOf('span: {from: 1, to: 2, too: 3}')).toEqual(['1:24 span.too: a known key / too / did you mean to?'])
  })

  it('stops after 100 faults and says how many more there are', () => {
    const faults = faultsOf(Array.from({ length: 120 }, (_, index) => `k${index}: 1`).join('\n'))
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toBe('0:0 : at most 100 faults to report / 20 more')
    expect(faultsOf(Array.from({ length: 100 }, (_, index) => `k${index}: 1`).join('\n'))).toHaveLength(100)
  })
})

describe('readDocument, of secrets', () => {
  it.each([
    ['text in place of a reference', 'state: {kind: redis, url: hunter2}'],
    ['another type below the reference', 'state: {kind: redis, url: {env: [hunter2]}}'],
    ['a number', 'state: {kind: redis, url: {env: 4711}}'],
    ['an unknown key of the reference', 'state: {kind: redis, url: {hunter2: }}'],
    ['a key that sounds like a secret', 'passphrase: hunter2'],
    ['an unquoted passphrase that looks like an alias', 'passphrase: *hunter2'],
    ['an unquoted passphrase that looks like a tag', 'passphrase: !hunter2 x'],
    ['a passphrase with a quote inside', 'passphrase: "hunter2" 4711'],
    ['a passphrase with an escape', 'passphrase: "\\hunter2"'],
  ])('are never shown: %s', (_, text) => {
    const faults = JSON.stringify(readDocument('x.yaml', text, schema).faults)
    expect(faults).toContain('wanted')
    expect(faults).not.toMatch(/hunter2|4711/)
  })

  it('hides nothing under keys that only speak of secrets', () => {
    expect(faultsOf('token_endpoint: x.example')).toEqual([
      '1:1 token_endpoint: text of at most 3 characters / "x.example"',
    ])
  })

  it('are not hinted at either', () => {
    expect(faultsOf('session_token: opaqe')).toEqual(['1:1 session_token: opaque or jwt / a value that is not shown'])
  })

  it('still says what kind of thing stands in place of a secret', () => {
    expect(faultsOf('state: {kind: redis, url: x}')).toEqual([
      '1:22 state.url: a map with the keys env / a value that is not shown',
    ])
    expect(faultsOf('state: {kind: redis, url: [x]}')).toEqual([
      '1:22 state.url: a map with the keys env / a list of 1',
    ])
    expect(faultsOf('state: {kind: redis, url: {}}')).toEqual(['1:22 state.url.env: text / nothing'])
  })
})
