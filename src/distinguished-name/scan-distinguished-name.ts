import { DistinguishedNameSyntaxError } from './distinguished-name-syntax-error.ts'
import { scanValue, type ScannedValue } from './scan-value.ts'
import { TextScanner } from './text-scanner.ts'

export interface ScannedAttribute {
  /** As written: `CN`, `2.5.4.97`, `OID.2.5.4.97`. */
  readonly type: string
  readonly value: ScannedValue
  /** Where the type begins. */
  readonly offset: number
}

export const NAME_LENGTH_LIMIT = 4096
export const NAME_ATTRIBUTE_LIMIT = 64

/** Takes RFC 4514 text apart without knowing any attribute; RDNs in the order of the text. @throws DistinguishedNameSyntaxError */
export function scanDistinguishedName(text: string): readonly (readonly ScannedAttribute[])[] {
  if (text.length > NAME_LENGTH_LIMIT)
    throw new DistinguishedNameSyntaxError(`more than ${NAME_LENGTH_LIMIT} characters`, NAME_LENGTH_LIMIT)
  const surrogate = text.search(/\p{Cs}/u)
  if (surrogate >= 0) throw new DistinguishedNameSyntaxError('unpaired surrogate', surrogate)
  const scanner = new TextScanner(text)
  scanner.skipSpaces()
  return scanner.atEnd ? [] : scanRelativeNames(scanner)
}

function scanRelativeNames(scanner: TextScanner): readonly (readonly ScannedAttribute[])[] {
  const names: ScannedAttribute[][] = []
  let current: ScannedAttribute[] = []
  for (let count = 1; ; count += 1) {
    if (count > NAME_ATTRIBUTE_LIMIT) throw scanner.fail(`more than ${NAME_ATTRIBUTE_LIMIT} attributes`)
    current.push(scanAttribute(scanner))
    if (scanner.skip('+')) continue
    names.push(current)
    current = []
    if (scanner.atEnd) return names
    if (!scanner.skip(',')) throw scanner.fail('"," or "+" expected')
  }
}

function scanAttribute(scanner: TextScanner): ScannedAttribute {
  scanner.skipSpaces()
  const { offset } = scanner
  const type = scanner.match(/[A-Za-z0-9][A-Za-z0-9.-]*/y)
  if (type === '') throw scanner.fail('attribute type expected')
  scanner.skipSpaces()
  if (!scanner.skip('=')) throw scanner.fail('"=" expected')
  scanner.skipSpaces()
  return { type, value: scanValue(scanner), offset }
}
