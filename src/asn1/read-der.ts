import { Asn1StructureError } from './asn1-structure-error.ts'
import { DerNode, type TagClass } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { readHeader } from './read-header.ts'
import { TAG } from './tags.ts'

export interface DerLimits {
  readonly sizeLimitBytes: number
  readonly depthLimit: number
}

/** Certificates are about 1 to 4 kB and nest less than ten deep. */
const USUAL_LIMITS: DerLimits = { sizeLimitBytes: 65_536, depthLimit: 32 }

/**
 * Reads exactly one DER value. What BER has beyond DER (indefinite and over-long lengths, constructed strings, tags of more than one
 * byte) is refused: two readers of one certificate must not disagree.
 * @throws DerSyntaxError
 */
export function readDer(bytes: Buffer, limits: DerLimits = USUAL_LIMITS): DerNode {
  if (bytes.length > limits.sizeLimitBytes) throw new DerSyntaxError(`more than ${limits.sizeLimitBytes} bytes`)
  try {
    const node = readNode(bytes, 0, bytes.length, limits.depthLimit)
    if (node.length !== bytes.length) throw new Asn1StructureError('bytes after the value')
    return node
  } catch (failure) {
    if (failure instanceof Asn1StructureError) throw new DerSyntaxError('not ASN.1', { cause: failure })
    throw failure
  }
}

/** `end` is where the whole ends of which the value is a part. */
function readNode(source: Buffer, start: number, end: number, depthLeft: number): DerNode {
  if (depthLeft === 0) throw new Asn1StructureError('nested too deep')
  const extent = readHeader(source, start)
  if (extent.end > end) throw new Asn1StructureError('a value is longer than the whole it is part of')
  const identifier = source[start] ?? 0
  const tagClass = TAG_CLASSES[identifier >> 6] ?? 'universal'
  const tag = identifier & 0x1f
  const constructed = (identifier & 0x20) !== 0
  if (tagClass === 'universal') checkForm(tag, constructed, extent.end - extent.contentsStart)
  const children = constructed ? readChildren(source, extent.contentsStart, extent.end, depthLeft - 1) : null
  return new DerNode(tagClass, tag, children, source, extent)
}

function readChildren(source: Buffer, start: number, end: number, depthLeft: number): readonly DerNode[] {
  const children: DerNode[] = []
  for (let offset = start; offset < end;) {
    const child = readNode(source, offset, end, depthLeft)
    children.push(child)
    offset += child.length
  }
  return children
}

/** By the first two bits (X.690 section 8.1.2.2). */
const TAG_CLASSES: readonly TagClass[] = ['universal', 'application', 'context', 'private']

const ALWAYS_CONSTRUCTED: ReadonlySet<number> = new Set([
  TAG.sequence,
  TAG.set,
  TAG.external,
  TAG.embeddedPdv,
  TAG.characterString,
])

/** X.690 sections 8.1.5 (tag 0 only ends indefinite lengths), 10.2 (strings are primitive) and 8.23 (two bytes a character). */
function checkForm(tag: number, constructed: boolean, length: number): void {
  if (tag === 0) throw new DerSyntaxError('end-of-contents without indefinite length')
  if (constructed !== ALWAYS_CONSTRUCTED.has(tag)) throw new DerSyntaxError(`tag ${tag} in the wrong form`)
  if (tag === TAG.bmpString && length % 2 !== 0) throw new DerSyntaxError('BMPString with half a character')
}
