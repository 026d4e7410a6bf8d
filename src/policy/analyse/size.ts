import { DURATION, TIMESTAMP } from '../expression/evaluate/node-type.ts'

/** Upper bounds of what a value may hold, itself and all below it. */
export interface Size {
  /** Characters of all texts together. */
  readonly chars: number
  /** Values of all lists and maps together. */
  readonly values: number
  /** Elements of the list or entries of the map itself, where its type does not tell. */
  readonly items?: number
}

/** What an expression costs at worst. A step is about one look at a value, or sixteen characters of a text. */
export interface Cost {
  readonly steps: number
  /** Of what it gives. */
  readonly size: Size
}

/** What one request may bring by the usual settings: limits.bodyLimitBytes and limits.jsonValues. */
const REQUEST: Size = { chars: 65_536, values: 2000 }
/** A certificate is part of a TLS handshake, and of that a small one. */
const CERTIFICATE: Size = { chars: 16_384, values: 1000 }
const CERTIFICATE_TYPES: ReadonlySet<string> = new Set([
  ...['Certificate', 'Name', 'Attribute', 'OrganizationIdentifier', 'SubjectAltNames', 'PublicKey'],
  ...['QualifiedStatements', 'Psd2Statement'],
])
/** Every list of a request is this short: check-members.ts. */
const LIST_LIMIT = 100

export const SCALAR: Size = { chars: 64, values: 1 }
export const EMPTY: Size = { chars: 0, values: 0, items: 0 }

/** Names behind which functions stand, and nothing that came with a request. */
const NAMESPACES: ReadonlySet<string> = new Set(['Sets', 'DistinguishedNames', 'OptionalNamespace', 'CelNamespace'])
const SHORT: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'null', 'type', TIMESTAMP, DURATION])

/** What a value of the type can hold at most, wherever it comes from; the type in words of the expression library. */
export function largestOf(type: string): Size {
  if (NAMESPACES.has(type)) return EMPTY
  return CERTIFICATE_TYPES.has(type) ? CERTIFICATE : REQUEST
}

/** The size as far as the type bounds it further. */
export function boundByType(size: Size, type: string): Size {
  const bare = withoutOptional(type)
  if (SHORT.has(bare)) return SCALAR
  if (bare === 'string') return { chars: size.chars, values: 1 }
  return size.items === undefined && bare.startsWith('list<')
    ? { ...size, items: Math.min(LIST_LIMIT, size.values) }
    : size
}

export function withoutOptional(type: string): string {
  return type.replace(/^optional<(.*)>$/, '$1')
}

export function largerOf(left: Size, right: Size): Size {
  return combine(left, right, Math.max)
}

export function sumOf(left: Size, right: Size): Size {
  return combine(left, right, (one, other) => one + other)
}

function combine(left: Size, right: Size, merge: (one: number, other: number) => number): Size {
  const merged = { chars: merge(left.chars, right.chars), values: merge(left.values, right.values) }
  if (left.items === undefined || right.items === undefined) return merged
  return { ...merged, items: merge(left.items, right.items) }
}

/** One of so many elements, if each had an equal share. */
export function shareOf({ chars, values }: Size, items: number): Size {
  return items <= 1 ? { chars, values } : { chars: chars / items, values: Math.max(1, values / items) }
}
