import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { checkReferences } from './check-references.ts'
import { ListFault } from './list-fault.ts'
import { descendantsOf, elementsOf, isElement, isNamed } from './read-element.ts'
import { childrenAs, EXCLUSIVE_C14N, readAlgorithm, type Part } from './signature-element.ts'
import { SIGNATURE_METHODS } from './signature-methods.ts'

/** A signature of the one form that is taken; whether it holds is not known yet. */
export interface SignatureForm {
  readonly signature: XmlElement
  /** Which of its references covers the list. */
  readonly listReference: number
}

/**
 * TS 119 612 annex B: one enveloped signature over the whole list, and nothing else. A library that verifies signatures answers whether
 * what is referenced is signed; that it is the list which is referenced must be checked beside it, or an attacker wraps a true list into
 * a false one (McIntosh and Austel, "XML signature element wrapping attacks and countermeasures").
 *
 * @throws ListFault
 */
export function checkSignatureForm(root: XmlElement): SignatureForm {
  if (!isNamed(root, 'list', 'TrustServiceStatusList'))
    throw new ListFault({ wanted: 'a TrustServiceStatusList (TS 119 612)', found: 'another document' })
  const signature = findSignature(root)
  const [signedInfo, value] = childrenAs(
    { element: signature, at: 'Signature' },
    /^SignedInfo SignatureValue (KeyInfo )?(Object )*$/,
    'one SignedInfo, one SignatureValue, then KeyInfo and Object',
  )
  if (signedInfo === undefined || value === undefined) throw new RangeError('fewer elements than were just found')
  refuseComments({ element: signedInfo, at: 'Signature/SignedInfo' })
  refuseComments({ element: value, at: 'Signature/SignatureValue' })
  const references = readSignedInfo({ element: signedInfo, at: 'Signature/SignedInfo' })
  return { signature, listReference: checkReferences(references, { root, signature }) }
}

/** A second one anywhere, even one that nobody looks at, would leave open which of them is meant. */
function findSignature(root: XmlElement): XmlElement {
  const [only, ...more] = descendantsOf(root).filter(
    (node): node is XmlElement => isElement(node) && isNamed(node, 'signature', 'Signature'),
  )
  const wanted = 'one signature, directly below the list'
  if (only === undefined) throw new ListFault({ wanted, found: 'none', hint: 'take the list as it was published' })
  if (more.length > 0) throw new ListFault({ wanted, found: String(more.length + 1), at: 'Signature' })
  if (!elementsOf(root).includes(only))
    throw new ListFault({ wanted, found: 'one further down', at: 'Signature', line: only.lineNumber })
  return only
}

/** A reader may take the text before a comment for all of the text (CVE-2025-29775). */
function refuseComments({ element, at }: Part): void {
  const foreign = descendantsOf(element).some(({ nodeType }) => nodeType !== 1 && nodeType !== 3)
  const wanted = 'elements and text alone'
  if (foreign) throw new ListFault({ wanted, found: 'a comment or a CDATA section', at, line: element.lineNumber })
}

function readSignedInfo(part: Part): readonly XmlElement[] {
  const [canonicalization, method, ...references] = childrenAs(
    part,
    /^CanonicalizationMethod SignatureMethod (Reference )+$/,
    'CanonicalizationMethod, SignatureMethod and References',
  )
  if (canonicalization === undefined || method === undefined)
    throw new RangeError('fewer elements than were just found')
  readAlgorithm({ element: canonicalization, at: `${part.at}/CanonicalizationMethod` }, [EXCLUSIVE_C14N])
  readAlgorithm({ element: method, at: `${part.at}/SignatureMethod` }, [...SIGNATURE_METHODS.keys()])
  return references
}
