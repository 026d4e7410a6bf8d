/**
 * The parser by its path: the types the package ships pull the library of browsers into the whole program, and with it `window` and
 * another `fetch`. Here is the little of its tree that is read, places of elements included.
 */
declare module '@xmldom/xmldom/lib/index.js' {
  export interface XmlNode {
    readonly nodeType: number
    readonly firstChild: XmlNode | null
    readonly nextSibling: XmlNode | null
    readonly textContent: string | null
  }

  export interface XmlAttribute {
    readonly localName: string
    readonly value: string
  }

  export interface XmlElement extends XmlNode {
    readonly localName: string
    readonly namespaceURI: string | null
    readonly attributes: Readonly<ArrayLike<XmlAttribute>>
    /** 1-based. */
    readonly lineNumber: number
    hasAttribute(name: string): boolean
    /** Empty when there is no such attribute. */
    getAttribute(name: string): string
  }

  export interface XmlDocument extends XmlNode {
    readonly documentElement: XmlElement | null
  }

  export class DOMParser {
    constructor(options: {
      readonly locator: object
      readonly errorHandler: (level: string, message: unknown) => never
    })
    parseFromString(text: string, mediaType: string): XmlDocument | undefined
  }
}
