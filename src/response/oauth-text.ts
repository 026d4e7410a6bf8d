/** Printable ASCII without `"` and `\`, all that an error or its description may hold (RFC 6749 section 5.2). */
const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g

/** What may stand in an OAuth error of a text that may hold anything, cut to a number of characters. */
export function oauthText(text: string, limit: number): string {
  return text.replace(UNSAFE, '?').slice(0, limit)
}
