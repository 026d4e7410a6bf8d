import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { matchingKey } from '../../distinguished-name/match-distinguished-names.ts'
import { readDistinguishedName } from '../../distinguished-name/read-distinguished-name.ts'
import type { GeneralName } from './general-name.ts'

/** Elements of a GeneralNames, which has at least one. @throws DerSyntaxError */
export function readGeneralNames(nodes: readonly DerNode[], what: string): readonly GeneralName[] {
  if (nodes.length === 0) throw new DerSyntaxError(`${what} is empty`)
  return nodes.map((node) => readGeneralName(node, what))
}

/** RFC 5280 section 4.2.1.6. @throws DerSyntaxError */
export function readGeneralName(node: DerNode | undefined, what: string): GeneralName {
  const read = node?.tagClass === 'context' ? READERS[node.tag] : undefined
  if (node === undefined || read === undefined) throw new DerSyntaxError(`${what} holds no general name`)
  return read(node, what)
}

/** By context tag. */
const READERS: Readonly<Record<number, (node: DerNode, what: string) => GeneralName>> = {
  0: (node, what) => ({ form: 'other', typeId: readObjectIdentifier(node.children[0], what), der: hexOf(node) }),
  1: (node, what) => ({ form: 'email', text: readPrintable(node, what) }),
  2: (node, what) => ({ form: 'dns', text: readPrintable(node, what) }),
  3: (node) => ({ form: 'x400', der: hexOf(node) }),
  4: readDirectoryName,
  5: (node) => ({ form: 'ediParty', der: hexOf(node) }),
  6: (node, what) => ({ form: 'uri', text: readPrintable(node, what) }),
  7: readAddress,
  8: (node) => ({ form: 'registeredId', der: hexOf(node) }),
}

/** A Name is a CHOICE, so its tag is explicit although all others are implicit (X.680 section 31.2.7). */
function readDirectoryName(node: DerNode, what: string): GeneralName {
  const [inner, ...others] = node.children
  if (others.length > 0) throw new DerSyntaxError(`${what} holds more than one name in a directory name`)
  const name = readDistinguishedName(inner, what)
  return { form: 'directory', name, key: matchingKey(name) }
}

/** Empty ones are constraints that every name meets. */
function readPrintable(node: DerNode, what: string): string {
  const text = node.contents.toString('latin1')
  if (node.constructed || !/^[ -~]*$/.test(text))
    throw new DerSyntaxError(`${what} holds a name that is no printable ASCII`)
  return text
}

function readAddress(node: DerNode, what: string): GeneralName {
  if (node.constructed) throw new DerSyntaxError(`${what} holds an address put together from parts`)
  return { form: 'ip', bytes: node.contents }
}

function hexOf(node: DerNode): string {
  return node.raw.toString('hex')
}
