import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { ListFault } from './list-fault.ts'
import { elementsOf, NAMESPACE } from './read-element.ts'

export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const INCLUSIVE_C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** An element of the signature, with its place in words. */
export interface Part {
  readonly element: XmlElement
  readonly at: string
}

/** The child elements, whose names of XML Signature, each followed by a space, must match. @throws ListFault */
export function childrenAs({ element, at }: Part, order: RegExp, wanted: string): readonly XmlElement[] {
  const children = elementsOf(element)
  const names = children.map(({ namespaceURI, localName }) =>
    namespaceURI === NAMESPACE.signature ? `${localName} ` : '? ',
  )
  if (!order.test(names.join('')))
    throw new ListFault({ wanted, found: 'other elements', at, line: element.lineNumber })
  return children
}

/** The algorithm that an element names, if it is one of these and has no parameters. @throws ListFault */
export function readAlgorithm({ element, at }: Part, allowed: readonly string[]): string {
  const algorithm = element.getAttribute('Algorithm')
  const line = element.lineNumber
  if (!allowed.includes(algorithm)) {
    const found = algorithm === '' ? 'none' : JSON.stringify(algorithm.slice(0, 100))
    throw new ListFault({ wanted: allowed.join(' or '), found, at, line })
  }
  if (elementsOf(element).length > 0) throw new ListFault({ wanted: 'no parameters', found: 'some', at, line })
  return algorithm
}
