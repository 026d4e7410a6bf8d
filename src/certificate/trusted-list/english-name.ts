import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { follow, textOf } from './read-element.ts'

/** The name in English, which TS 119 612 section 5.1.4 demands, or else the first one. */
export function englishName(element: XmlElement, ...path: readonly string[]): string {
  const names = follow(element, ...path)
  const name = names.find((one) => one.getAttribute('xml:lang').toLowerCase().startsWith('en')) ?? names[0]
  return name === undefined ? '' : textOf(name)
}
