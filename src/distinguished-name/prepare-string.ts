/** Nothing to prepare but letter case and spaces. */
const PRINTABLE_ASCII = /^[ -~]*$/

/** RFC 4518 section 2.4, and control characters, which have no place in a name and have hidden others (`bank.com\0.evil.com`). */
const PROHIBITED = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{Cn}\p{Co}\p{Cs}\ufffd]/u

/** RFC 4518 section 2.2, mapped to nothing. */
const IGNORED = /[\p{Cf}\u034f\u1806\u180b-\u180d\ufe00-\ufe0f\ufffc]/gu

/** RFC 4518 section 2.2, mapped to a space; runs of them count as one (section 2.6.1). */
const SPACES = /[\t-\r\x85\p{Z}]+/gu

/**
 * What caseIgnoreMatch compares (RFC 4518): spaces folded and trimmed, invisible characters dropped, letter case folded, NFKC. Null
 * for a string with prohibited characters, which matches nothing but itself.
 */
export function prepareString(text: string): string | null {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase().replace(/ +/g, ' ').trim()
  if (PROHIBITED.test(text)) return null
  const folded = foldCase(text.replace(IGNORED, '').normalize('NFKC'))
  return folded.normalize('NFKC').replace(SPACES, ' ').trim()
}

/** Unicode case folding as far as lower-casing differs from it in European letters. No upper-casing: it would make `ı` an `i`. */
function foldCase(text: string): string {
  return text.toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ')
}
