import type { SeededRandom } from './seeded-random.ts'

type Kind = 'bool' | 'string' | 'int' | 'list'
type Form = (part: (kind: Kind) => string) => string

const LEAVES: Readonly<Record<Kind, readonly [string, ...string[]]>> = {
  bool: [
    'has(metadata.client_name)',
    'parameters.strict',
    'request.isSigned',
    'has(statement.org_id)',
    'token.presented',
  ],
  string: [
    ...(['metadata.?client_name.orValue("")', 'metadata.client_name', 'statement.org_id', '"a"', '"\\u0000"'] as const),
    ...[
      'statement.?org_id.orValue("")',
      'request.clientId',
      'certificate.subject.dn',
      '"\\U0010FFFF"',
      'certificateClass',
    ],
  ],
  int: ['0', '-1', '9223372036854775807', '-9223372036854775808', 'size(variables.uris)', 'certificate.publicKey.bits'],
  list: ['variables.uris', 'metadata.redirect_uris', 'statement.roles', '["a", ""]', 'certificate.subjectAltNames.dns'],
}

const FORMS: Readonly<Record<Kind, readonly [Form, ...Form[]]>> = {
  bool: [
    (part) => `(${part('bool')} && ${part('bool')})`,
    (part) => `(${part('bool')} || ${part('bool')})`,
    (part) => `!${part('bool')}`,
    (part) => `(${part('string')} == ${part('string')})`,
    (part) => `(${part('int')} < ${part('int')})`,
    (part) => `(${part('string')} in ${part('list')})`,
    (part) => `${part('list')}.exists(u, u == ${part('string')})`,
    (part) => `${part('list')}.all(u, isURL(u) && url(u).getScheme() != ${part('string')})`,
    (part) => `sets.contains(${part('list')}, ${part('list')})`,
    (part) => `${part('string')}.matches("^(a+)+$")`,
    (part) => `dn.equal(${part('string')}, ${part('string')})`,
  ],
  string: [
    (part) => `(${part('string')} + ${part('string')})`,
    (part) => `${part('string')}.substring(${part('int')})`,
    (part) => `(${part('bool')} ? ${part('string')} : ${part('string')})`,
    (part) => `${part('list')}[${part('int')}]`,
    (part) => `url(${part('string')}).getHostname()`,
    (part) => `string(${part('int')})`,
    (part) => `${part('list')}.join(${part('string')})`,
  ],
  int: [
    (part) => `(${part('int')} + ${part('int')})`,
    (part) => `(${part('int')} / ${part('int')})`,
    (part) => `(${part('int')} * ${part('int')})`,
    (part) => `size(${part('list')})`,
    (part) => `int(${part('string')})`,
    (part) => `${part('string')}.indexOf(${part('string')})`,
  ],
  list: [
    (part) => `${part('string')}.split(${part('string')})`,
    (part) => `${part('list')}.filter(u, u != ${part('string')})`,
    (part) => `(${part('list')} + ${part('list')})`,
    (part) => `sets.difference(${part('list')}, ${part('list')})`,
  ],
}

/** A condition that has its types right: it loads, and what it comes to is for the judge to survive. */
export function randomCondition(random: SeededRandom): string {
  return randomOf('bool', random, 4)
}

function randomOf(kind: Kind, random: SeededRandom, depth: number): string {
  if (depth === 0 || random.below(6) === 0) return random.pick(LEAVES[kind])
  return random.pick(FORMS[kind])((inner) => randomOf(inner, random, depth - 1))
}
