import { isUtf8 } from 'node:buffer'
import { ListFault, type ListFlaw } from './list-fault.ts'

/** Lists of the Union have up to about 10 MB. */
export const LIST_LIMIT_BYTES = 10_485_760

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])utf-8\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>/i
/** Whatever is no `Char` of XML 1.0 section 2.2. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/**
 * The text of a list, after everything that can be refused without an XML parser: what is too large, in another encoding, or uses what a
 * list has no need of. Document types bring entities that grow without bound or read files (CWE-776, CWE-611), and canonicalization
 * shows a processing instruction as the text inside it.
 *
 * @throws ListFault
 */
export function decodeList(bytes: Buffer): string {
  if (bytes.length > LIST_LIMIT_BYTES)
    throw new ListFault({ wanted: `at most ${LIST_LIMIT_BYTES} bytes`, found: `${bytes.length} bytes` })
  if (!isUtf8(bytes)) throw new ListFault({ wanted: 'UTF-8 (TS 119 612 annex B)', found: 'bytes that are no UTF-8' })
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const body = withoutDeclaration(text)
  refuse(body, NO_CHARACTER, { wanted: 'characters of XML 1.0', found: 'a control or other forbidden character' })
  refuse(body, /<!(?!--|\[CDATA\[)/, { wanted: 'no document type declaration', found: 'one, or another declaration' })
  refuse(body, /<\?/, { wanted: 'no processing instruction', found: 'one' })
  return text
}

/** Blanked, so that lines still count. */
function withoutDeclaration(text: string): string {
  if (!text.startsWith('<?xml')) return text
  const declaration = DECLARATION.exec(text)?.[0]
  if (declaration === undefined)
    throw new ListFault({ wanted: 'an XML declaration of version 1.0 and UTF-8', found: 'another one', line: 1 })
  return declaration.replace(/[^\n]/g, ' ') + text.slice(declaration.length)
}

function refuse(body: string, pattern: RegExp, flaw: ListFlaw): void {
  const at = body.search(pattern)
  if (at >= 0) throw new ListFault({ ...flaw, line: lineAt(body, at) })
}

function lineAt(text: string, end: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
