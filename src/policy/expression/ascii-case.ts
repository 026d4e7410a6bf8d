const ASCII = /^[\0-\x7f]*$/

/** ASCII letters in lower case, all others as they are: U+212A KELVIN SIGN must not fold into `k`. */
export function asciiLower(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : changeLetters(text, 0x41, 0x20)
}

/** ASCII letters in upper case, all others as they are. */
export function asciiUpper(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : changeLetters(text, 0x61, -0x20)
}

const ALPHABET = 26

/** Moves the 26 letters from `first` on by so much. In place, since a call for each letter costs a hundred times as much, and registrants choose the letters. */
function changeLetters(text: string, first: number, by: number): string {
  const units = Buffer.from(text, 'utf16le')
  for (let index = 0; index < units.length; index += 2) {
    const low = units[index] ?? 0
    if (units[index + 1] === 0 && low >= first && low < first + ALPHABET) units[index] = low + by
  }
  return units.toString('utf16le')
}
