/** A double needs at most 17 digits: longer literals are refused unread. */
const LITERAL_LIMIT = 32

/**
 * Whether a JSON number survives being read as a double and written again: the same decimal value, and within 2^53 - 1 when it is an
 * integer (RFC 8259 section 6, RFC 7493 section 2.2). What is judged and what is forwarded would differ otherwise.
 */
export function isExactNumber(literal: string): boolean {
  if (literal.length > LITERAL_LIMIT) return false
  const value = Number(literal)
  if (Number.isInteger(value)) return Number.isSafeInteger(value) && decimalOf(literal) === decimalOf(String(value))
  return decimalOf(literal) === decimalOf(String(value))
}

/** One spelling for each magnitude: `1.50e3` and `1500` are both `15e2`; the sign is never lost and so left out. */
function decimalOf(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.replace(/^-/, '').toLowerCase().split('e')
  const [integer = '', fraction = ''] = mantissa.split('.')
  const digits = `${integer}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  const scale = Number(exponent) - fraction.length + digits.length - significant.length
  return significant === '' ? '0' : `${significant}e${scale}`
}
