import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectUniversal } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { readPlainText } from '../../asn1/read-plain-text.ts'
import { TAG } from '../../asn1/tags.ts'
import { QUALIFIED_TYPES, STATEMENT, nameOfOid, type QualifiedStatements } from '../../model/qualified-statements.ts'
import { readPsd2Statement } from './read-psd2-statement.ts'

interface Statement {
  readonly oid: string
  readonly info: DerNode | undefined
}

/**
 * The extension 1.3.6.1.5.5.7.1.3 (RFC 3739 section 3.2.6). A statement that is known but malformed makes the certificate malformed:
 * passed over, it would let a seal's certificate through a rule that only asks whether it is one. Of unknown statements the OID is kept.
 * @throws DerSyntaxError
 */
export function readQualifiedStatements(value: Buffer): QualifiedStatements {
  const statements = expectUniversal(readDer(value), TAG.sequence, 'qcStatements').children.map(readStatement)
  const types = findStatement(statements, STATEMENT.types)
  const countries = findStatement(statements, STATEMENT.countries)
  const psd2 = findStatement(statements, STATEMENT.psd2)
  return {
    statements: statements.map(({ oid }) => oid),
    compliance: findStatement(statements, STATEMENT.compliance) !== null,
    sscd: findStatement(statements, STATEMENT.sscd) !== null,
    types: types === null ? [] : readList(types, 'QcType').map(readType),
    countries: countries === null ? [] : readList(countries, 'QcCClegislation').map(readCountry),
    psd2: psd2 === null ? null : readPsd2Statement(psd2.info),
  }
}

function readStatement(node: DerNode): Statement {
  const fields = new DerFields(node, 'qcStatement')
  const oid = readObjectIdentifier(fields.takeAny(), 'statementId')
  const info = fields.takeAny()
  fields.end()
  return { oid, info }
}

/** A second statement of a kind could be read instead of the first. */
function findStatement(statements: readonly Statement[], wanted: string): Statement | null {
  const [first, ...others] = statements.filter(({ oid }) => oid === wanted)
  if (others.length > 0) throw new DerSyntaxError(`qcStatement ${wanted} occurs twice`)
  return first ?? null
}

function readList({ info }: Statement, what: string): readonly DerNode[] {
  return expectUniversal(info, TAG.sequence, what).children
}

function readType(node: DerNode): string {
  return nameOfOid(readObjectIdentifier(node, 'QcType'), QUALIFIED_TYPES)
}

function readCountry(node: DerNode): string {
  return readPlainText(node, 'QcCClegislation', 2)
}
