import type { XmlElement, XmlNode } from '@xmldom/xmldom/lib/index.js'

/** Namespaces of a trusted list and of its signature. */
export const NAMESPACE = {
  list: 'http://uri.etsi.org/02231/v2#',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
} as const

export type Vocabulary = keyof typeof NAMESPACE

export function isElement(node: XmlNode): node is XmlElement {
  return node.nodeType === 1
}

export function nodesOf(parent: XmlNode): readonly XmlNode[] {
  const nodes: XmlNode[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) nodes.push(node)
  return nodes
}

export function elementsOf(parent: XmlNode): readonly XmlElement[] {
  return nodesOf(parent).filter(isElement)
}

/** Every element below one, in any depth; the one itself is not among them. */
export function descendantsOf(parent: XmlNode): readonly XmlNode[] {
  const found: XmlNode[] = []
  const open = [...nodesOf(parent)]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    found.push(node)
    open.push(...nodesOf(node))
  }
  return found
}

export function isNamed(element: XmlElement, vocabulary: Vocabulary, name: string): boolean {
  return element.namespaceURI === NAMESPACE[vocabulary] && element.localName === name
}

/** Down a path of child elements of the list's own vocabulary; every element there is at its end. */
export function follow(element: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (level, name) => level.flatMap((parent) => elementsOf(parent).filter((child) => isNamed(child, 'list', name))),
    [element],
  )
}

/** Text of the only element at the end of a path; null when there is none, or several. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | null {
  const [only, ...more] = follow(element, ...path)
  return only === undefined || more.length > 0 ? null : textOf(only)
}

/** As XML Schema collapses it (XML Schema part 2 section 4.3.6). */
export function textOf(element: XmlElement): string {
  return (element.textContent ?? '').replace(/[ \t\r\n]+/g, ' ').trim()
}
