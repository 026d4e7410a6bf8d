import { DOMParser, type XmlDocument, type XmlElement } from '@xmldom/xmldom/lib/index.js'
import { ListFault } from './list-fault.ts'
import { scanTags } from './scan-tags.ts'

/** The document element of a text without XML declaration or with one that was checked. @throws ListFault */
export function parseXml(text: string): XmlElement {
  scanTags(text.replace(/^<\?xml[^>]*>/, (declaration) => declaration.replace(/[^\n]/g, ' ')))
  const root = parseStrictly(text)?.documentElement ?? null
  if (root === null) throw new ListFault({ wanted: 'an XML document', found: 'none' })
  return root
}

/** The parser repairs what it complains of, and two readers may repair differently: any complaint, a mere warning included, is the end. */
function parseStrictly(text: string): XmlDocument | undefined {
  const locator = {}
  const complaint: { line: number | null } = { line: null }
  const errorHandler = (): never => {
    // The parser catches what is thrown inside a tag and complains once more.
    complaint.line ??= lineOf(locator)
    throw new SyntaxError('not well-formed')
  }
  try {
    return new DOMParser({ locator, errorHandler }).parseFromString(text, 'text/xml')
  } catch (failure) {
    const found = 'a list that is cut off or damaged'
    const line = complaint.line ?? lineOf(locator)
    throw new ListFault({ wanted: 'well-formed XML', found, line }, { cause: failure })
  }
}

/** The parser writes into it where it stands. */
function lineOf(locator: { readonly lineNumber?: unknown }): number {
  return typeof locator.lineNumber === 'number' ? locator.lineNumber : 0
}
