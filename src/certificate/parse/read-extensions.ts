import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectParts } from '../../asn1/expect-node.ts'
import { readBoolean } from '../../asn1/read-boolean.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'

export interface Extension {
  readonly critical: boolean
  /** DER of what the extension says. */
  readonly value: Buffer
}

/** Extensions by OID; a second one of the same type could be read instead of the first (RFC 5280 section 4.2). @throws DerSyntaxError */
export function readExtensions(wrapper: DerNode | undefined): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  if (wrapper === undefined) return extensions
  const [list, ...others] = wrapper.children
  if (others.length > 0) throw new DerSyntaxError('more than one list of extensions')
  for (const node of expectParts(list, TAG.sequence, 'extensions')) {
    const { oid, extension } = readExtension(node)
    if (extensions.has(oid)) throw new DerSyntaxError(`extension ${oid} occurs twice`)
    extensions.set(oid, extension)
  }
  return extensions
}

/** `critical` written out though it is false breaks DER, but certificates in use have it. */
function readExtension(node: DerNode): { readonly oid: string; readonly extension: Extension } {
  const fields = new DerFields(node, 'extension')
  const oid = readObjectIdentifier(fields.takeAny(), 'type of extension')
  const critical = fields.takeOptional(TAG.boolean)
  const value = fields.take(TAG.octetString, 'value').contents
  fields.end()
  return { oid, extension: { critical: critical !== undefined && readBoolean(critical, 'critical'), value } }
}

/** What an extension says; null when it is absent. */
export function readIfPresent<Value>(
  extensions: ReadonlyMap<string, Extension>,
  oid: string,
  read: (value: Buffer) => Value,
): Value | null {
  const extension = extensions.get(oid)
  return extension === undefined ? null : read(extension.value)
}
