/**
 * The engine looks for longer parts in a time that grows with the length of both: `aaa...` within `aaaa...` of half a request each took
 * 65 ms, and a rule may look in a loop. Registrants choose both texts.
 */
const NATIVE_LIMIT = 16

/** Where the part first stands at that place or behind it, -1 for nowhere; in a time that grows with the texts and no faster. */
export function findPart(text: string, part: string, from = 0): number {
  return part.length <= NATIVE_LIMIT ? text.indexOf(part, from) : search(text, part, bordersOf(part), from)
}

/** Where the part last stands at that place or before it, -1 for nowhere. */
export function findLastPart(text: string, part: string, from = text.length): number {
  if (part.length <= NATIVE_LIMIT) return text.lastIndexOf(part, from)
  const begun = text.slice(0, from + part.length)
  const place = findPart(reverse(begun), reverse(part))
  return place < 0 ? place : begun.length - place - part.length
}

/** The text between the separators, which must not be empty. */
export function splitText(text: string, separator: string): string[] {
  if (separator.length <= NATIVE_LIMIT) return text.split(separator)
  const borders = bordersOf(separator)
  const parts: string[] = []
  let start = 0
  for (let end; (end = search(text, separator, borders, start)) >= 0; start = end + separator.length)
    parts.push(text.slice(start, end))
  return [...parts, text.slice(start)]
}

/** Knuth, Morris, Pratt: no unit of the text is gone back to. */
function search(text: string, part: string, borders: Uint32Array, from: number): number {
  let matched = 0
  for (let index = from; index < text.length; index += 1) {
    matched = extend(part, borders, matched, text.charCodeAt(index))
    if (matched === part.length) return index - matched + 1
  }
  return -1
}

/** For each beginning of the part, how long the longest other beginning is that it ends in. */
function bordersOf(part: string): Uint32Array {
  const borders = new Uint32Array(part.length)
  for (let index = 1; index < part.length; index += 1)
    borders[index] = extend(part, borders, borders[index - 1] ?? 0, part.charCodeAt(index))
  return borders
}

/** How much of the part matches with one unit more. */
function extend(part: string, borders: Uint32Array, matched: number, unit: number): number {
  let length = matched
  while (length > 0 && part.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0
  return part.charCodeAt(length) === unit ? length + 1 : length
}

/** Unit by unit, whatever characters they make. */
function reverse(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().reverse().toString('utf16le')
}
