import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { ListFault } from './list-fault.ts'
import { descendantsOf, elementsOf, isElement, isNamed } from './read-element.ts'
import { childrenAs, ENVELOPED, EXCLUSIVE_C14N, INCLUSIVE_C14N, readAlgorithm, type Part } from './signature-element.ts'
import { DIGEST_METHODS } from './signature-methods.ts'

interface SignedDocument {
  readonly root: XmlElement
  readonly signature: XmlElement
}

/** EN 319 132-1 section 4.4. */
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties'
/** Names without quotes and brackets, since the library looks them up with an XPath expression. */
const FRAGMENT = /^#([A-Za-z0-9_.-]+)$/

/**
 * One reference covers the list, by an empty URI or by the Id of the list itself, and a second one at most the XAdES properties of this
 * signature. Answers which of them covers the list.
 *
 * @throws ListFault
 */
export function checkReferences(references: readonly XmlElement[], document: SignedDocument): number {
  const covered = references.map((element, index) =>
    checkReference({ element, at: `Signature/SignedInfo/Reference[${index + 1}]` }, document),
  )
  const lists = covered.filter((what) => what === 'list').length
  const at = 'Signature/SignedInfo'
  if (lists !== 1) throw new ListFault({ wanted: 'one Reference that covers the whole list', found: String(lists), at })
  if (covered.length > 2) throw new ListFault({ wanted: 'at most two References', found: String(covered.length), at })
  return covered.indexOf('list')
}

function checkReference(reference: Part, document: SignedDocument): 'list' | 'properties' {
  const children = childrenAs(
    reference,
    /^(Transforms )?DigestMethod DigestValue $/,
    'Transforms, DigestMethod and one DigestValue',
  )
  const [digestMethod] = children.slice(-2)
  if (digestMethod === undefined) throw new RangeError('fewer elements than were just found')
  readAlgorithm({ element: digestMethod, at: `${reference.at}/DigestMethod` }, [...DIGEST_METHODS.keys()])
  const what = targetOf(reference, document)
  const [transforms] = children.slice(0, -2)
  checkTransforms(what, reference, transforms)
  return what
}

function targetOf({ element, at }: Part, document: SignedDocument): 'list' | 'properties' {
  const isProperties = element.getAttribute('Type') === SIGNED_PROPERTIES
  const uri = element.getAttribute('URI')
  const line = element.lineNumber
  if (!isProperties && element.hasAttribute('URI') && uri === '') return 'list'
  const id = FRAGMENT.exec(uri)?.[1]
  const targets = id === undefined ? [] : elementsWithId(document.root, id)
  if (targets.length > 1)
    throw new ListFault({ wanted: `one element with the Id ${uri.slice(1)}`, found: String(targets.length), at, line })
  const wanted = isProperties ? 'the XAdES properties of this signature' : 'the whole list'
  const target = isProperties ? propertiesOf(document.signature) : document.root
  if (target === undefined || targets[0] !== target)
    throw new ListFault({ wanted, found: 'a reference to something else', at, line })
  return isProperties ? 'properties' : 'list'
}

/** By every spelling of the attribute, since the library knows them all. */
function elementsWithId(root: XmlElement, id: string): readonly XmlElement[] {
  return [root, ...descendantsOf(root)].filter(
    (node): node is XmlElement =>
      isElement(node) &&
      Array.from(node.attributes).some(({ localName, value }) => value === id && localName.toLowerCase() === 'id'),
  )
}

function propertiesOf(signature: XmlElement): XmlElement | undefined {
  return elementsOf(signature)
    .filter((child) => isNamed(child, 'signature', 'Object'))
    .flatMap(elementsOf)
    .filter((child) => isNamed(child, 'xades', 'QualifyingProperties'))
    .flatMap(elementsOf)
    .find((child) => isNamed(child, 'xades', 'SignedProperties'))
}

/** Nothing that selects a part, such as XPath or XSLT: the list is signed whole or not at all. */
function checkTransforms(what: 'list' | 'properties', reference: Part, transforms: XmlElement | undefined): void {
  const at = `${reference.at}/Transforms`
  const steps =
    transforms === undefined
      ? []
      : childrenAs({ element: transforms, at }, /^(Transform )+$/, 'Transform elements alone')
  const allowed = what === 'list' ? [[ENVELOPED], [EXCLUSIVE_C14N]] : [[EXCLUSIVE_C14N, INCLUSIVE_C14N]]
  const isComplete = what === 'list' ? steps.length === allowed.length : steps.length <= allowed.length
  const wanted = what === 'list' ? 'the enveloped-signature transform, then canonicalization' : 'canonicalization alone'
  if (!isComplete) throw new ListFault({ wanted, found: `${steps.length} transforms`, at })
  steps.forEach((element, index) => readAlgorithm({ element, at: `${at}[${index + 1}]` }, allowed[index] ?? []))
}
