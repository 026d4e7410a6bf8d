import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/document/read-document.ts'
import { faultsOf, schema } from './sample-document.ts'

describe('parseYaml', () => {
  it.each([
    ['an open quote', 'port: 1\ntitle: "x', '2:10 : well-formed YAML 1.2 / a missing quote, bracket, comma or colon'],
    ['a tab as indentation', 'pair:\n\tfrom: 1', '2:1 : well-formed YAML 1.2 / a tab as indentation'],
    [
      'a tab as indentation, and not what it puts out of place',
      'pair:\n  from: 1\n\tto: 2\nport: 1\ntitle: a\n',
      '3:1 : well-formed YAML 1.2 / a tab as indentation',
    ],
    [
      'two colons',
      'title: a: b',
      '1:8 : well-formed YAML 1.2 / a second colon on the line, or a line indented too far / put the text in quotes',
    ],
    [
      'an open bracket',
      'rules: [',
      '1:9 : well-formed YAML 1.2 / lines that are not indented alike, or a bracket that is not closed',
    ],
    [
      'a closing bracket too many, without its echoes',
      'rules: []]\nport: 1\nopen: true',
      '1:10 : well-formed YAML 1.2 / something that does not belong here',
    ],
    [
      'an unknown tag',
      'port: !!js/function x',
      '1:7 : well-formed YAML 1.2 / a value that its tag does not fit, or an unknown tag / put the text in quotes',
    ],
    [
      'binary data',
      'title: !!binary aGk=',
      '1:8 : well-formed YAML 1.2 / a value that its tag does not fit, or an unknown tag / put the text in quotes',
    ],
    [
      'a directive that is not understood',
      '%YAML 1.9\n---\nport: 1',
      '1:7 : well-formed YAML 1.2 / a directive that is not understood',
    ],
    ['a key that occurs twice', 'port: 1\nopen: true\nport: 2', '3:1 : every key once / port again'],
    ['a key that occurs twice in two spellings', 'roles: {1: [], "1": []}', '1:16 : every key once / 1 again'],
    ['a truth value as a key that occurs twice', 'roles: {true: [], "true": []}', '1:19 : every key once / true again'],
    ['a list as a key', '? [a]\n: 1', '1:3 : a name as the key / something else'],
    ['nothing as a key', ': 1', '1:1 : a name as the key / something else'],
    ['an alias as a key', 'title: &a x\n*a : 1', '2:1 : a name as the key / something else'],
    ['an anchor on a key', '&a port: 1', '1:4 : a name as the key / something else'],
    ['__proto__ as a key', 'pair: {__proto__: {from: 1}}', '1:8 : a key other than __proto__ / __proto__'],
    [
      'an alias of nothing',
      'title: *x',
      '1:8 : an alias of an anchor that is complete before it (or quotes) / an alias of nothing',
    ],
    [
      'an alias of its own surroundings',
      'rules: &x [*x]',
      '1:12 : an alias of an anchor that is complete before it (or quotes) / an alias of nothing',
    ],
    ['a second document', 'port: 1\n---\nport: 2', '2:1 : one document in a file / a second one'],
    ['an empty second document', 'port: 1\n---\n', '2:1 : one document in a file / a second one'],
  ])('refuses %s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual([expected])
  })

  it.each([
    ['title: note: at most 5', 'put the text in quotes'],
    ['title: @home', 'put the text in quotes'],
    ['title: !has(port)', 'put the text in quotes'],
    ['title: [a', undefined],
  ])('says of %j what to do: %s', (text, hint) => {
    expect(readDocument('x.yaml', `${text}\nname: x\n`, schema).faults[0]?.hint).toBe(hint)
  })

  it('reports syntax errors of several lines at once', () => {
    expect(faultsOf('title: "\\q"\nname: "\\w \\v \\x"\n').map((fault) => fault.split(' ')[0])).toEqual(['1:9', '2:8'])
  })

  it('reads the core schema of YAML 1.2 whatever version the file claims', () => {
    expect(readDocument('x.yaml', '%YAML 1.1\n---\ntitle: yes\nport: 0123\n', schema).value).toMatchObject({
      title: 'yes',
      port: 123,
    })
    expect(readDocument('x.yaml', 'title: 2026-01-01\n', schema).value).toMatchObject({ title: '2026-01-01' })
    expect(faultsOf('<<: {port: 1}')).toEqual([expect.stringContaining('a known key')])
  })

  it('follows aliases, and points below them', () => {
    expect(readDocument('x.yaml', 'title: &a x\nname: *a\n', schema).value).toMatchObject({ title: 'x', name: 'x' })
    expect(faultsOf('rules:\n  - {id: a, allow: &a {from: x, until: 2026-01-01}}\n  - {id: b, allow: *a}')).toEqual([
      '2:24 rules[0].allow.from: a date such as 2026-01-31 / "x"',
      '2:24 rules[1].allow.from: a date such as 2026-01-31 / "x"',
    ])
  })

  it('refuses aliases that multiply ("billion laughs")', () => {
    const lines = [
      'k0: &k0 [x, x]',
      ...Array.from({ length: 30 }, (_, index) => `k${index + 1}: &k${index + 1} [*k${index}, *k${index}]`),
    ]
    expect(faultsOf(lines.join('\n'))).toEqual(['1:1 : aliases that stand for at most 100 nodes / more'])
  })

  it('refuses more than 1 MiB of text', () => {
    expect(faultsOf('é'.repeat(524_289))).toEqual(['0:0 : at most 1048576 bytes / 1048578 bytes'])
    expect(faultsOf(`port: 1\n#${' '.repeat(1_048_567)}`)).toEqual([])
  })

  it.each([
    ['brackets', '['.repeat(51), 51],
    ['dashes', '- '.repeat(51), 101],
    ['braces', '{a: '.repeat(51), 201],
  ])('refuses more than 50 levels of %s', (_, text, column) => {
    expect(faultsOf(text)).toEqual([`1:${column} : at most 50 levels of nesting / more`])
  })

  it('refuses more than 50 levels of indented keys', () => {
    const nested = Array.from({ length: 51 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
    expect(faultsOf(nested)).toEqual([expect.stringContaining('at most 50 levels of nesting')])
  })

  it('stops after 100 faults and says how many more there are', () => {
    const faults = faultsOf('k: 1\n'.repeat(121))
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toBe('0:0 : at most 100 faults to report / 20 more')
  })

  it('reads 50 levels', () => {
    expect(faultsOf(`${'['.repeat(50)}${']'.repeat(50)}`)).toEqual([expect.stringContaining('a list of 1')])
  })

  it('refuses aliases that nest deeper than the text does', () => {
    const nest = (inner: string): string => `${'['.repeat(40)}${inner}${']'.repeat(40)}`
    const lines = Array.from({ length: 3 }, (_, index) => `a${index + 1}: &a${index + 1} ${nest(`*a${index}`)}`)
    expect(faultsOf(['a0: &a0 x', ...lines].join('\n'))).toEqual([
      '1:1 : at most 50 levels of nesting, aliases included / more',
    ])
  })

  it('refuses a megabyte of brackets without exhausting the stack', () => {
    expect(faultsOf('['.repeat(1_000_000))).toHaveLength(1)
  })
})
