import type { SeededRandom } from './seeded-random.ts'

/** What YAML, JavaScript or a terminal might make too much of. */
const HOSTILE: readonly [string, ...string[]] = [
  ...([
    '&a ',
    '*a',
    '<<: *a',
    '!!js/function x',
    '!!binary AA==',
    '!<tag:x> ',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '? ',
    '- ',
  ] as const),
  ...['{', '}', '[', ']', '"', "'", '|', '>-', ': ', ' #', ',', '\t', '\r', '\n', '\n  ', '\u0000', '\ufeff', '\u202e'],
  ...[
    '\u2028',
    '\ud800',
    '\udfff',
    '\u{1f600}',
    'e\u0301',
    '\u001b[2J',
    '.nan',
    '.inf',
    '-.inf',
    '0x7fffffffffffffff',
    '1e999',
  ],
  ...[
    '9007199254740993',
    '-0',
    '0o17',
    '~',
    'null',
    'true',
    'yes',
    '2026-02-30',
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
  ],
  ...[
    'hasOwnProperty',
    '__proto__: { polluted: true }',
    'x'.repeat(5000),
    '('.repeat(300),
    '[1, '.repeat(40),
    '"\\ud800"',
  ],
]

/** What is replaced by what. */
type Change = readonly [from: string, to: string]
type Mutation = (text: string, random: SeededRandom) => string

const flipByte: Mutation = (text, random) => {
  const bytes = Buffer.from(text)
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
  return bytes.toString('utf8')
}

const insertHostile: Mutation = (text, random) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.pick(HOSTILE) + text.slice(at)
}

const removePart: Mutation = (text, random) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + text.slice(at + random.below(80))
}

/** Of lines: one twice (a duplicate key), one gone, one further in. */
const disturbLines: Mutation = (text, random) => {
  const lines = text.split('\n')
  const at = random.below(lines.length)
  const line = lines[at] ?? ''
  const instead = random.pick([[line, line], [], [` ${line}`], [line.trimStart()], [`${line}: *a`], [`&a ${line}`]])
  return lines.toSpliced(at, 1, ...instead).join('\n')
}

/** What stands after a key becomes something else. */
const replaceValue: Mutation = (text, random) => replaceMatch(text, /(?<=: )\S.*/g, random)
/** A name becomes one that objects of JavaScript bring along, or any other. */
const replaceName: Mutation = (text, random) => replaceMatch(text, /\b[A-Za-z_]\w+\b/g, random)

const CHANGES: readonly [Change, ...Change[]] = [
  ['==', '!='],
  ['&&', '||'],
  ['.all(', '.exists('],
  ['required', 'optional'],
  ['optional', 'forbidden'],
  ['list(string)', 'string'],
  [': string', ': dyn'],
  ['metadata.', 'requested.'],
  ['enforce', 'report'],
  ['[0]', '[99]'],
]

/** What leaves most files well-formed, so that later checks and the judge have their share. */
const changeMeaning: Mutation = (text, random) => {
  const [from, to] = random.pick(CHANGES)
  const places = text.split(from)
  const at = 1 + random.below(places.length)
  return places.reduce((all, place, index) => all + (index === at ? to : from) + place)
}

function replaceMatch(text: string, pattern: RegExp, random: SeededRandom): string {
  const [first, ...others] = [...text.matchAll(pattern)]
  if (first === undefined) return text
  const { index, 0: found } = random.pick([first, ...others])
  return text.slice(0, index) + random.pick(HOSTILE) + text.slice(index + found.length)
}

/** The text with one to three things changed. */
export function mutateText(text: string, random: SeededRandom): string {
  const mutations = Array.from({ length: 1 + random.below(3) }, () =>
    random.pick([
      flipByte,
      insertHostile,
      removePart,
      disturbLines,
      replaceValue,
      replaceName,
      changeMeaning,
      changeMeaning,
    ]),
  )
  return mutations.reduce((mutated, mutate) => mutate(mutated, random), text)
}
