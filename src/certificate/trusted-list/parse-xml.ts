import { DOMParser, type XmlDocument, type XmlElement } from '@xmldom/xmldom/lib/index.js'
import { isElement, nodesOf } from './read-element.ts'
import { ListFault } from './list-fault.ts'

/** Deeper than any list; canonicalization goes down by recursion. */
const DEPTH_LIMIT = 64
/** Finding elements costs the square of it. */
const SIBLING_LIMIT = 2_000
const ATTRIBUTE_LIMIT = 64

/** The document element of a text that is well-formed without repair and within limits of shape. @throws ListFault */
export function parseXml(text: string): XmlElement {
  const root = parseStrictly(text)?.documentElement ?? null
  if (root === null) throw new ListFault({ wanted: 'an XML document', found: 'none' })
  checkShape(root)
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

function checkShape(root: XmlElement): void {
  const open = [{ element: root, depth: 1 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element, depth } = next
    if (depth > DEPTH_LIMIT) throw tooMuch(element, `at most ${DEPTH_LIMIT} elements inside each other`, 'more')
    if (element.attributes.length > ATTRIBUTE_LIMIT)
      throw tooMuch(element, `at most ${ATTRIBUTE_LIMIT} attributes`, String(element.attributes.length))
    const nodes = nodesOf(element)
    if (nodes.length > SIBLING_LIMIT)
      throw tooMuch(element, `at most ${SIBLING_LIMIT} nodes in an element`, String(nodes.length))
    for (const node of nodes) if (isElement(node)) open.push({ element: node, depth: depth + 1 })
  }
}

function tooMuch({ lineNumber }: XmlElement, wanted: string, found: string): ListFault {
  return new ListFault({ wanted, found, line: lineNumber })
}
