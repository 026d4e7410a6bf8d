import forge from 'node-forge'
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

type ForgeNode = Readonly<forge.asn1.Asn1>

interface ForgeOptions {
  readonly strict: true
  readonly parseAllBytes: true
  readonly decodeBitStrings: false
  readonly maxDepth: number
}

/** The published types know only the boolean form of the second argument. */
const fromDer = forge.asn1.fromDer as unknown as (bytes: string, options: ForgeOptions) => ForgeNode

/**
 * Reads exactly one DER value. The library takes BER in places (indefinite and over-long lengths, constructed strings, tags of more
 * than one byte), and two readers of one certificate must not disagree, so everything that is not DER is refused here.
 * @throws DerSyntaxError
 */
export function readDer(bytes: Buffer, limits: DerLimits = USUAL_LIMITS): DerNode {
  if (bytes.length > limits.sizeLimitBytes) throw new DerSyntaxError(`more than ${limits.sizeLimitBytes} bytes`)
  const node = buildNode(parseWithForge(bytes, limits.depthLimit), bytes, 0)
  if (node.length !== bytes.length) throw new DerSyntaxError('bytes after the value')
  return node
}

function parseWithForge(bytes: Buffer, maxDepth: number): ForgeNode {
  try {
    return fromDer(bytes.toString('latin1'), { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth })
  } catch (failure) {
    throw new DerSyntaxError('not ASN.1', { cause: failure })
  }
}

function buildNode(node: ForgeNode, source: Buffer, start: number): DerNode {
  const { contentsStart, end } = readHeader(source, start)
  const tagClass = TAG_CLASSES[node.tagClass]
  const identifier = node.tagClass | (node.constructed ? 0x20 : 0) | node.type
  if (tagClass === undefined || source[start] !== identifier)
    throw new DerSyntaxError('a value is not where its neighbours end')
  if (tagClass === 'universal') checkForm(node.type, node.constructed)
  const extent = { start, contentsStart, end }
  if (!node.constructed) return new DerNode(tagClass, node.type, null, source, extent)
  return new DerNode(tagClass, node.type, buildChildren(node, source, contentsStart, end), source, extent)
}

function buildChildren(parent: ForgeNode, source: Buffer, start: number, end: number): readonly DerNode[] {
  const children: DerNode[] = []
  let offset = start
  for (const child of parent.value as readonly ForgeNode[]) {
    const built = buildNode(child, source, offset)
    children.push(built)
    offset += built.length
  }
  if (offset !== end) throw new DerSyntaxError('a value is longer or shorter than its parts')
  return children
}

const TAG_CLASSES: Readonly<Record<number, TagClass>> = {
  [forge.asn1.Class.UNIVERSAL]: 'universal',
  [forge.asn1.Class.APPLICATION]: 'application',
  [forge.asn1.Class.CONTEXT_SPECIFIC]: 'context',
  [forge.asn1.Class.PRIVATE]: 'private',
}

const ALWAYS_CONSTRUCTED: ReadonlySet<number> = new Set([
  TAG.sequence,
  TAG.set,
  TAG.external,
  TAG.embeddedPdv,
  TAG.characterString,
])

/** X.690 sections 8.1.5 (tag 0 only ends indefinite lengths) and 10.2 (strings are primitive). */
function checkForm(tag: number, constructed: boolean): void {
  if (tag === 0) throw new DerSyntaxError('end-of-contents without indefinite length')
  if (constructed !== ALWAYS_CONSTRUCTED.has(tag)) throw new DerSyntaxError(`tag ${tag} in the wrong form`)
}
