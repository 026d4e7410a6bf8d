import type { SeededRandom } from './seeded-random.ts'

const ATOMS: readonly [string, ...string[]] = [
  ...([
    'metadata.client_name',
    'metadata.?scope',
    'metadata.redirect_uris',
    'requested.?client_name.orValue("")',
  ] as const),
  ...[
    'statement.?org_id',
    'statement.roles',
    'certificate.subject.dn',
    'certificate',
    'certificateClass',
    'request.operation',
  ],
  ...[
    'request.clientId',
    'parameters.strict',
    'variables.uris',
    'now',
    'token.presented',
    'server.?scopes_supported',
    'lookups.keys',
  ],
  ...[
    '0',
    '1',
    '-1',
    '9223372036854775807',
    '-9223372036854775808',
    '18446744073709551615u',
    '1e308',
    '5e-324',
    '1.5',
    'true',
    'false',
  ],
  ...[
    'null',
    '""',
    '"a"',
    '"\\u0000"',
    '"\\U0010FFFF"',
    'b"\\xff"',
    '[]',
    '{}',
    '["a", "b"]',
    '{"a": 1}',
    'dyn(1)',
    'u',
    'optional.none()',
  ],
  ...[
    'timestamp("9999-12-31T23:59:59Z")',
    'timestamp("0001-01-01T00:00:00Z")',
    'duration("315576000000s")',
    'duration("-1ns")',
  ],
]

/** Ways out of the language, and ways to make it work for ever. */
const HOSTILE: readonly [string, ...string[]] = [
  ...([
    'constructor',
    '__proto__',
    'toString',
    'valueOf()',
    'metadata.constructor',
    'metadata.__proto__.x',
    'this',
    'globalThis',
  ] as const),
  ...[
    'metadata.constructor.constructor("return process")()',
    '"".constructor',
    'has(metadata.__proto__)',
    'metadata["__proto__"]',
  ],
  ...[
    '{"__proto__": {"x": 1}}.x',
    '{"constructor": 1}.constructor',
    '"a".toString()',
    'size.call(1)',
    'process.exit(1)',
    'require("fs")',
  ],
  ...[
    '"a".matches("(a+)+$")',
    '"a".matches("(.{1000}){1000}")',
    '"a".matches("a{1000}{1000}")',
    '"a".matches("(?=a)")',
    '"a".matches("[")',
  ],
  ...[
    '"a".matches("\\\\p{L}*".replace("L", "N"))',
    `"${'x'.repeat(40_000)}"`,
    `${'('.repeat(400)}1${')'.repeat(400)}`,
    `${'!'.repeat(999)}true`,
  ],
  ...[
    `${'['.repeat(200)}${']'.repeat(200)}`,
    `1${' + 1'.repeat(2000)}`,
    `"a"${'.lowerAscii()'.repeat(300)}`,
    '9'.repeat(400),
    `0.${'1'.repeat(400)}`,
  ],
  ...[
    '1 / 0',
    '1 % 0',
    '-9223372036854775808 / -1',
    '[1][5]',
    '{"a": 1}["b"]',
    'duration("1e30s")',
    'timestamp("x")',
    'int("x")',
  ],
  ...[
    '"a" + ',
    '&& true',
    '"unclosed',
    "'''",
    '//',
    '\u202etrue',
    'metadata.\u0000',
    '\ud800',
    '\u{1f600}',
    'true\u2028false',
  ],
]

/** An expression of the grammar, well-typed or not, with something hostile in it now and then. */
export function randomExpression(random: SeededRandom, depth = 4): string {
  if (random.below(25) === 0) return random.pick(HOSTILE)
  if (depth === 0 || random.below(5) === 0) return random.pick(ATOMS)
  const part = (): string => randomExpression(random, depth - 1)
  const operator = random.pick(['&&', '||', '==', '!=', '<', '>=', 'in', '+', '-', '*', '/', '%'])
  const method = random.pick([
    'startsWith',
    'contains',
    'matches',
    'split',
    'join',
    'orValue',
    'substring',
    'replace',
    'getScheme',
    'or',
  ])
  const name = random.pick([
    'size',
    'scopes',
    'isURL',
    'url',
    'string',
    'int',
    'dyn',
    'optional.of',
    'dn.isValid',
    'has',
    'type',
    'duration',
  ])
  const macro = random.pick(['all', 'exists', 'exists_one', 'filter', 'map', 'optMap'])
  return random.pick([
    () => `${part()} ${operator} ${part()}`,
    () => `(${part()} ? ${part()} : ${part()})`,
    () => `!(${part()})`,
    () => `${name}(${part()})`,
    () => `(${part()}).${method}(${random.pick([() => '', part])()})`,
    () => `(${part()}).${macro}(u, ${part()})`,
    () => `(${part()})[${part()}]`,
    () => `[${part()}, ${part()}]`,
    () => `sets.contains(${part()}, ${part()})`,
    () => `{${part()}: ${part()}}`,
  ])()
}
