import { isUtf8 } from 'node:buffer'
import type { TextScanner } from './text-scanner.ts'

/** `text` is RFC 4514 string form, `quoted` the older form of RFC 2253 section 4, `hex` the DER of a value. */
export type ScannedValue =
  { readonly form: 'text' | 'quoted'; readonly text: string } | { readonly form: 'hex'; readonly der: Buffer }

/** Reads up to the `,` or `+` that ends the value, spaces around it dropped. @throws DistinguishedNameSyntaxError */
export function scanValue(scanner: TextScanner): ScannedValue {
  if (scanner.skip('#')) return scanHexValue(scanner)
  return scanner.skip('"') ? scanQuotedValue(scanner) : scanPlainValue(scanner)
}

function scanHexValue(scanner: TextScanner): ScannedValue {
  const digits = scanner.match(/(?:[0-9A-Fa-f]{2})+/y)
  if (digits === '') throw scanner.fail('hexadecimal pairs expected')
  scanner.skipSpaces()
  return { form: 'hex', der: Buffer.from(digits, 'hex') }
}

function scanQuotedValue(scanner: TextScanner): ScannedValue {
  const pieces: string[] = []
  while (!scanner.skip('"')) {
    if (scanner.atEnd) throw scanner.fail('closing quotation mark expected')
    pieces.push(scanPiece(scanner, /[^\\"\0]+/y))
  }
  scanner.skipSpaces()
  return { form: 'quoted', text: pieces.join('') }
}

/** Unescaped spaces at the end do not count, escaped ones do, so the text is cut before it is unescaped. */
function scanPlainValue(scanner: TextScanner): ScannedValue {
  const pieces: string[] = []
  let end = 0
  while (!scanner.atEnd && !',+'.includes(scanner.peek())) {
    const spaces = scanner.match(/ +/y)
    pieces.push(spaces === '' ? scanPiece(scanner, /[^\\"+,;<> \0]+/y) : spaces)
    if (spaces === '') end = pieces.length
  }
  return { form: 'text', text: pieces.slice(0, end).join('') }
}

/** A run of ordinary characters, or of escapes. */
function scanPiece(scanner: TextScanner, ordinary: RegExp): string {
  const run = scanner.match(ordinary)
  if (run !== '') return run
  const escapes = scanner.match(/(?:\\(?:[0-9A-Fa-f]{2}|[\\"+,;<> #=]))+/y)
  if (escapes === '') throw scanner.fail('character that must be escaped, or escape of one that must not')
  return unescape(scanner, escapes)
}

/** RFC 4514 section 3, `pair`: neighbouring hexadecimal pairs may be the bytes of one character. */
function unescape(scanner: TextScanner, escapes: string): string {
  const units = Array.from(escapes.matchAll(/\\([0-9A-Fa-f]{2}|.)/g), ([, unit = '']) => unit)
  const bytes = Buffer.concat(units.map((unit) => Buffer.from(unit, unit.length === 2 ? 'hex' : 'latin1')))
  if (!isUtf8(bytes)) throw scanner.fail('escaped bytes that are no UTF-8')
  return bytes.toString('utf8')
}
