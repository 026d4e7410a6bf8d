import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { readIntegerBytes, readIntegerHex, readSmallInteger } from '../../asn1/read-integer.ts'
import { readTime } from '../../asn1/read-time.ts'
import { TAG } from '../../asn1/tags.ts'
import { readDistinguishedName } from '../../distinguished-name/read-distinguished-name.ts'
import type { CertificateFacts } from '../../model/client.ts'
import { readExtensions, type Extension } from './read-extensions.ts'
import { readPublicKey } from './read-public-key.ts'

/** The signed part of a certificate, its extensions not yet taken apart. */
export interface TbsCertificate extends Pick<
  CertificateFacts,
  'serialNumber' | 'issuer' | 'subject' | 'notBefore' | 'notAfter' | 'publicKey'
> {
  readonly signatureAlgorithm: DerNode
  readonly issuerNode: DerNode
  readonly subjectNode: DerNode
  readonly publicKeyNode: DerNode
  readonly extensions: ReadonlyMap<string, Extension>
}

/** 20 bytes (RFC 5280 section 4.1.2.2), and one more for those who forget that the sign takes a bit. */
const SERIAL_NUMBER_LIMIT_BYTES = 21

/** RFC 5280 section 4.1.2. @throws DerSyntaxError */
export function parseTbsCertificate(node: DerNode): TbsCertificate {
  const fields = new DerFields(node, 'tbsCertificate')
  checkVersion(fields.takeOptionalContext(0))
  const serialNumber = readSerialNumber(fields.takeAny())
  const signatureAlgorithm = fields.take(TAG.sequence, 'signature')
  const issuerNode = fields.take(TAG.sequence, 'issuer')
  const validity = readValidity(fields.takeAny())
  const subjectNode = fields.take(TAG.sequence, 'subject')
  const publicKeyNode = fields.take(TAG.sequence, 'subjectPublicKeyInfo')
  fields.takeOptionalContext(1)
  fields.takeOptionalContext(2)
  const extensions = readExtensions(fields.takeOptionalContext(3))
  fields.end()
  const issuer = readDistinguishedName(issuerNode, 'issuer')
  if (issuer.length === 0) throw new DerSyntaxError('issuer is empty')
  const subject = readDistinguishedName(subjectNode, 'subject')
  const publicKey = readPublicKey(publicKeyNode)
  const facts = { serialNumber, issuer, subject, ...validity, publicKey }
  return { ...facts, signatureAlgorithm, issuerNode, subjectNode, publicKeyNode, extensions }
}

/** Older versions have no extensions and so cannot say who is a certificate authority. */
function checkVersion(wrapper: DerNode | undefined): void {
  const version = wrapper === undefined ? 0 : readSmallInteger(wrapper.children[0], 'version')
  if (version !== 2) throw new DerSyntaxError('not version 3')
}

function readSerialNumber(node: DerNode | undefined): string {
  if (readIntegerBytes(node, 'serialNumber').length > SERIAL_NUMBER_LIMIT_BYTES)
    throw new DerSyntaxError('serialNumber is too long')
  return readIntegerHex(node, 'serialNumber')
}

function readValidity(node: DerNode | undefined): Pick<CertificateFacts, 'notBefore' | 'notAfter'> {
  const fields = new DerFields(node, 'validity')
  const notBefore = readTime(fields.takeAny(), 'notBefore')
  const notAfter = readTime(fields.takeAny(), 'notAfter')
  fields.end()
  return { notBefore, notAfter }
}
