import {
  distinguishedNamesMatch,
  distinguishedNamesMatchInAnyOrder,
} from '../../distinguished-name/match-distinguished-names.ts'
import { parseDistinguishedName } from '../../distinguished-name/parse-distinguished-name.ts'
import { NAME_ATTRIBUTE_LIMIT, NAME_LENGTH_LIMIT } from '../../distinguished-name/scan-distinguished-name.ts'
import { usesOnlyRfc4514Names } from '../../distinguished-name/uses-only-rfc4514-names.ts'
import { valuesOfAttribute } from '../../distinguished-name/values-of-attribute.ts'
import { asciiLower, asciiUpper } from './ascii-case.ts'
import type { Priced } from './call-cost.ts'
import { hostnameOf, isLoopback, parseUrl, Url, URL_LIMIT } from './url.ts'

/** Receivers of functions with a dotted name, as CEL's own extension libraries have them: `sets.contains(a, b)`. */
export class Sets {}
export class DistinguishedNames {}

/** What stands before the dot of our functions, besides types of CEL. */
export const RECEIVERS: Readonly<Record<string, abstract new (...values: never[]) => object>> = {
  Sets,
  DistinguishedNames,
  Url,
}

/** A function that policy files may call besides those of standard CEL. */
export interface PolicyFunction extends Priced {
  /** Signature as registered with the expression library. */
  readonly signature: string
  readonly handler: (...values: never[]) => unknown
  readonly meaning: string
  /** Expression and what it gives; run as a test. */
  readonly example: readonly [expression: string, result: unknown]
}

type Strings = readonly string[]

const contains = (all: Strings, some: Strings): boolean => {
  const known = new Set(all)
  return some.every((item) => known.has(item))
}

// Each list is gone through once: scopes() of a long text gives tens of thousands, and the square of that would halt the gateway.
const intersects = (one: Strings, other: Strings): boolean => {
  const known = new Set(other)
  return one.some((item) => known.has(item))
}

const difference = (one: Strings, other: Strings): Strings => {
  const known = new Set(other)
  return one.filter((item) => !known.has(item))
}

const SETS = { perCall: 10 } as const
const URLS = { perCall: 50, perCharacter: 1 / 4, characterLimit: URL_LIMIT } as const
/** Of two names. The worst are those of escaped bytes. */
const NAMES = { perCall: 200, perCharacter: 4, characterLimit: 2 * NAME_LENGTH_LIMIT } as const

export const POLICY_FUNCTIONS: readonly PolicyFunction[] = [
  {
    signature: 'Sets.contains(list<string>, list<string>): bool',
    handler: (_: Sets, all: Strings, some: Strings) => contains(all, some),
    meaning: 'every element of the second list is in the first',
    example: ['sets.contains(["a", "b"], ["b"])', true],
    cost: SETS,
  },
  {
    signature: 'Sets.equivalent(list<string>, list<string>): bool',
    handler: (_: Sets, one: Strings, other: Strings) => contains(one, other) && contains(other, one),
    meaning: 'both lists hold the same elements, in any order',
    example: ['sets.equivalent(["a", "b"], ["b", "a", "a"])', true],
    cost: SETS,
  },
  {
    signature: 'Sets.intersects(list<string>, list<string>): bool',
    handler: (_: Sets, one: Strings, other: Strings) => intersects(one, other),
    meaning: 'the lists have an element in common',
    example: ['sets.intersects(["a"], ["b"])', false],
    cost: SETS,
  },
  {
    signature: 'Sets.difference(list<string>, list<string>): list<string>',
    handler: (_: Sets, one: Strings, other: Strings) => difference(one, other),
    meaning: 'elements of the first list that are not in the second',
    example: ['sets.difference(["a", "b"], ["b"])', ['a']],
    cost: SETS,
    gives: 'one',
  },
  {
    signature: 'scopes(string): list<string>',
    handler: splitScopes,
    meaning: 'the scopes of a space-delimited list (RFC 6749 section 3.3)',
    example: ['scopes("openid accounts")', ['openid', 'accounts']],
    cost: { perCharacter: 1 },
    gives: 'words',
  },
  {
    signature: 'sortWords(string): string',
    handler: (text: string) => [...new Set(splitScopes(text))].sort().join(' '),
    meaning:
      'the words of a space-delimited list in alphabetical order, each once, so that lists compare whatever their order',
    example: ['sortWords("id_token code")', 'code id_token'],
    cost: { perCall: 10, perCharacter: 2 },
  },
  {
    signature: 'isURL(string): bool',
    handler: (text: string) => parseUrl(text) !== null,
    meaning: 'the text is an absolute URI by the letter of RFC 3986',
    example: ['isURL("https:\\\\\\\\evil.example")', false],
    cost: URLS,
  },
  {
    signature: 'url(string): Url',
    handler: (text: string) => {
      const url = parseUrl(text)
      if (url === null) throw new RangeError('url() wants an absolute URI; ask isURL() first')
      return url
    },
    meaning: 'the text as a URL; fails (and so refuses) when it is none',
    example: ['url("https://a.example/cb").getScheme()', 'https'],
    cost: URLS,
  },
  {
    signature: 'Url.getScheme(): string',
    handler: (url: Url) => url.parsed.protocol.slice(0, -1),
    meaning: 'scheme in lower case',
    example: ['url("com.example.app:/cb").getScheme()', 'com.example.app'],
  },
  {
    signature: 'Url.getHostname(): string',
    handler: hostnameOf,
    meaning: 'host without port, IP addresses in their usual form',
    example: ['url("https://2130706433/").getHostname()', '127.0.0.1'],
  },
  {
    signature: 'Url.getPort(): string',
    handler: (url: Url) => url.parsed.port,
    meaning: 'port, empty when it is the usual one of the scheme',
    example: ['url("https://a.example:8443/").getPort()', '8443'],
  },
  {
    signature: 'Url.getEscapedPath(): string',
    handler: (url: Url) => url.parsed.pathname,
    meaning: 'path as written in the URL, dot segments resolved',
    example: ['url("https://a.example/a/../b").getEscapedPath()', '/b'],
  },
  {
    signature: 'Url.hasFragment(): bool',
    handler: (url: Url) => url.text.includes('#'),
    meaning: 'there is a fragment, be it empty',
    example: ['url("https://a.example/cb#").hasFragment()', true],
  },
  {
    signature: 'Url.hasUserinfo(): bool',
    handler: (url: Url) => url.hasUserinfo,
    meaning: 'there is a user name or password before the host, be it empty',
    example: ['url("https://good.example@evil.example/").hasUserinfo()', true],
  },
  {
    signature: 'Url.isLoopback(): bool',
    handler: isLoopback,
    meaning: 'the host is localhost or a loopback address in any spelling',
    example: ['url("https://[::ffff:127.0.0.1]/").isLoopback()', true],
  },
  {
    signature: 'DistinguishedNames.equal(string, string): bool',
    handler: (_: DistinguishedNames, one: string, other: string) =>
      distinguishedNamesMatch(parseDistinguishedName(one), parseDistinguishedName(other)),
    meaning: 'two names in RFC 4514 form are the same (RFC 4517 distinguishedNameMatch); fails when one is malformed',
    example: ['dn.equal("CN=A b,C=BR", "cn=a  B, c=#13024252")', true],
    cost: NAMES,
  },
  {
    signature: 'DistinguishedNames.equalInAnyOrder(string, string): bool',
    handler: (_: DistinguishedNames, one: string, other: string) =>
      distinguishedNamesMatchInAnyOrder(parseDistinguishedName(one), parseDistinguishedName(other)),
    meaning: 'the same, whatever the order of the parts: for registrants whose tools write names back to front',
    example: ['dn.equalInAnyOrder("CN=a,O=b", "O=b,CN=a")', true],
    cost: NAMES,
  },
  {
    signature: 'DistinguishedNames.isValid(string): bool',
    handler: (_: DistinguishedNames, text: string) => isDistinguishedName(text),
    meaning: 'the text is a name in RFC 4514 form',
    example: ['dn.isValid("CN")', false],
    cost: NAMES,
  },
  {
    signature: 'DistinguishedNames.usesOnlyRfc4514Names(string): bool',
    handler: (_: DistinguishedNames, text: string) => usesOnlyRfc4514Names(text),
    meaning: 'short names of RFC 4514 section 3 only, every other attribute as dotted OID with a #hex value',
    example: ['dn.usesOnlyRfc4514Names("CN=a,serialNumber=1")', false],
    cost: NAMES,
  },
  {
    signature: 'DistinguishedNames.values(string, string): list<string>',
    handler: (_: DistinguishedNames, text: string, attribute: string) =>
      valuesOfAttribute(parseDistinguishedName(text), attribute),
    meaning: 'values of an attribute, named by short name or OID',
    example: ['dn.values("CN=a,OU=b,OU=c", "OU")', ['c', 'b']],
    cost: NAMES,
    gives: 'parts',
    elementLimit: NAME_ATTRIBUTE_LIMIT,
  },
  {
    signature: 'string.asciiLower(): string',
    handler: asciiLower,
    meaning: 'what lowerAscii() becomes: ASCII letters only, so that no other letter folds into one',
    example: ['"\u212AB".lowerAscii()', '\u212Ab'],
  },
  {
    signature: 'string.asciiUpper(): string',
    handler: asciiUpper,
    meaning: 'what upperAscii() becomes: ASCII letters only',
    example: ['"\u017Fb".upperAscii()', '\u017FB'],
  },
]

function splitScopes(text: string): string[] {
  return text.split(' ').filter((scope) => scope !== '')
}

function isDistinguishedName(text: string): boolean {
  try {
    parseDistinguishedName(text)
    return true
  } catch {
    return false
  }
}
