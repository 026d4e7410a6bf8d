import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { readPlainText } from '../../asn1/read-plain-text.ts'
import { TAG } from '../../asn1/tags.ts'
import { PSD2_ROLES, nameOfOid, type Psd2Role, type Psd2Statement } from '../../model/qualified-statements.ts'

/** Of every text in it. */
const TEXT_LIMIT_CHARACTERS = 256

/** PSD2QcType of ETSI TS 119 495 annex A; texts of other string types than UTF8String are in use and say the same. @throws DerSyntaxError */
export function readPsd2Statement(node: DerNode | undefined): Psd2Statement {
  const fields = new DerFields(node, 'PSD2 statement')
  const roles = fields.take(TAG.sequence, 'rolesOfPSP').children.map(readRole)
  const ncaName = readPlainText(fields.takeAny(), 'nCAName', TEXT_LIMIT_CHARACTERS)
  const ncaId = readPlainText(fields.takeAny(), 'nCAId', TEXT_LIMIT_CHARACTERS)
  fields.end()
  return { roles, ncaName, ncaId }
}

function readRole(node: DerNode): Psd2Role {
  const fields = new DerFields(node, 'roleOfPSP')
  const oid = readObjectIdentifier(fields.takeAny(), 'roleOfPspOid')
  const writtenName = readPlainText(fields.takeAny(), 'roleOfPspName', TEXT_LIMIT_CHARACTERS)
  fields.end()
  return { oid, name: nameOfOid(oid, PSD2_ROLES), writtenName }
}
