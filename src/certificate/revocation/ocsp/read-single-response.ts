import { DerFields } from '../../../asn1/der-fields.ts'
import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { expectOnlyChild } from '../../../asn1/expect-only-child.ts'
import { readEnumerated } from '../../../asn1/read-enumerated.ts'
import { readIntegerHex } from '../../../asn1/read-integer.ts'
import { readObjectIdentifier } from '../../../asn1/read-object-identifier.ts'
import { TAG } from '../../../asn1/tags.ts'
import { readExtensions } from '../../parse/read-extensions.ts'
import type { CertId } from './cert-id.ts'
import { findUnknownCritical } from './find-unknown-critical.ts'
import { OCSP } from './ocsp-oids.ts'
import type { CertStatus, SingleResponse } from './parsed-ocsp-response.ts'
import { readGeneralizedTime } from './read-generalized-time.ts'

/** Those that only say where the responder knows it from, or how long it remembers. */
const KNOWN: ReadonlySet<string> = new Set([OCSP.crlReferences, OCSP.archiveCutoff])

/** RFC 6960 section 4.2.1. @throws DerSyntaxError */
export function readSingleResponse(node: DerNode): SingleResponse {
  const fields = new DerFields(node, 'SingleResponse')
  const certId = readCertId(fields.takeAny())
  const status = readStatus(fields.takeAny())
  const thisUpdate = readGeneralizedTime(fields.takeAny(), 'thisUpdate')
  const next = fields.takeOptionalContext(0)
  const extensions = readExtensions(fields.takeOptionalContext(1))
  fields.end()
  return {
    certId,
    status,
    thisUpdate,
    nextUpdate: next === undefined ? null : readGeneralizedTime(expectOnlyChild(next, 'nextUpdate'), 'nextUpdate'),
    unknownCritical: findUnknownCritical(extensions, KNOWN),
  }
}

function readCertId(node: DerNode | undefined): CertId {
  const fields = new DerFields(node, 'CertID')
  const algorithm = new DerFields(fields.takeAny(), 'hashAlgorithm')
  const certId = {
    hashAlgorithm: readObjectIdentifier(algorithm.takeAny(), 'hashAlgorithm'),
    issuerNameHash: fields.take(TAG.octetString, 'issuerNameHash').contents,
    issuerKeyHash: fields.take(TAG.octetString, 'issuerKeyHash').contents,
    serialNumber: readIntegerHex(fields.takeAny(), 'serialNumber'),
  }
  fields.end()
  return certId
}

function readStatus(node: DerNode | undefined): CertStatus {
  if (node?.tagClass === 'context') {
    if (node.tag === 1 && node.constructed) return readRevokedInfo(node.children)
    const empty = !node.constructed && node.contents.length === 0
    if (empty && node.tag === 0) return { kind: 'good' }
    if (empty && node.tag === 2) return { kind: 'unknown' }
  }
  throw new DerSyntaxError('certStatus is none of the three')
}

function readRevokedInfo([time, reason, ...others]: readonly DerNode[]): CertStatus {
  const wrong = others.length > 0 || (reason !== undefined && (reason.tagClass !== 'context' || reason.tag !== 0))
  if (wrong) throw new DerSyntaxError('RevokedInfo has unexpected fields')
  const code = reason === undefined ? null : readEnumerated(expectOnlyChild(reason, 'reason'), 'revocationReason')
  const revokedAt = readGeneralizedTime(time, 'revocationTime')
  return { kind: 'revoked', revokedAt, reason: code === null ? null : (REASONS[code] ?? null) }
}

/** RFC 5280 section 5.3.1; a number that is not listed revokes all the same. */
const REASONS: readonly (string | null)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  null,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
]
