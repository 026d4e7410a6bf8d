import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectParts } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { TAG } from '../../asn1/tags.ts'
import type { DistinguishedName } from '../../distinguished-name/distinguished-name.ts'
import { readDistinguishedName } from '../../distinguished-name/read-distinguished-name.ts'
import type { SubjectAltNames } from '../../model/client.ts'
import type { GeneralName } from './general-name.ts'
import { readGeneralNames } from './read-general-names.ts'
import { readOtherName } from './read-other-name.ts'

/** Context tags of GeneralName (RFC 5280 section 4.2.1.6). */
const GENERAL_NAME = { otherName: 0, email: 1, dns: 2, directoryName: 4, uri: 6, ip: 7 } as const

/** Other forms of name are passed over. @throws DerSyntaxError */
export function readSubjectAltNames(value: Buffer): SubjectAltNames {
  const names = expectParts(readDer(value), TAG.sequence, 'subjectAltName')
  if (names.some(({ tagClass }) => tagClass !== 'context'))
    throw new DerSyntaxError('subjectAltName holds no general names')
  const ofForm = (form: number): readonly DerNode[] => names.filter(({ tag }) => tag === form)
  return {
    dns: ofForm(GENERAL_NAME.dns).map(readPrintable),
    uri: ofForm(GENERAL_NAME.uri).map(readPrintable),
    ip: ofForm(GENERAL_NAME.ip).map(readAddress),
    email: ofForm(GENERAL_NAME.email).map(readPrintable),
    otherName: ofForm(GENERAL_NAME.otherName).map(readOtherName),
    directoryName: ofForm(GENERAL_NAME.directoryName).map(readDirectoryName),
  }
}

/** The same names with those of all other forms, for name constraints, which bind them all. @throws DerSyntaxError */
export function readAlternativeNames(value: Buffer): readonly GeneralName[] {
  return readGeneralNames(expectParts(readDer(value), TAG.sequence, 'subjectAltName'), 'subjectAltName')
}

/** Refuses NUL and other control characters, which have cut names short in other readers (`bank.com\0.evil.com`). */
function readPrintable(node: DerNode): string {
  const text = node.contents.toString('latin1')
  if (node.constructed || !/^[ -~]+$/.test(text))
    throw new DerSyntaxError('subjectAltName holds a name that is no printable ASCII')
  return text
}

/** Tagged explicitly, unlike the others: a Name is a CHOICE (X.680 section 31.2.7). */
function readDirectoryName({ children: [name, ...others] }: DerNode): DistinguishedName {
  if (others.length > 0) throw new DerSyntaxError('directoryName has more than one name')
  return readDistinguishedName(name, 'directoryName')
}

function readAddress({ contents }: DerNode): string {
  if (contents.length === 4) return contents.join('.')
  if (contents.length !== 16) throw new DerSyntaxError('subjectAltName holds an address that is neither IPv4 nor IPv6')
  const groups = Array.from({ length: 8 }, (_, group) => contents.readUInt16BE(group * 2).toString(16))
  // The URL parser writes the one canonical form of RFC 5952.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
