import { DerFields } from '../../../asn1/der-fields.ts'
import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { isContext, expectParts, expectUniversal } from '../../../asn1/expect-node.ts'
import { expectOnlyChild } from '../../../asn1/expect-only-child.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readSmallInteger } from '../../../asn1/read-integer.ts'
import { TAG } from '../../../asn1/tags.ts'
import { matchingKey } from '../../../distinguished-name/match-distinguished-names.ts'
import { readDistinguishedName } from '../../../distinguished-name/read-distinguished-name.ts'
import { readExtensions } from '../../parse/read-extensions.ts'
import { findUnknownCritical } from './find-unknown-critical.ts'
import { OCSP } from './ocsp-oids.ts'
import type { BasicOcspResponse, ResponderId } from './parsed-ocsp-response.ts'
import { readGeneralizedTime } from './read-generalized-time.ts'
import { readSingleResponse } from './read-single-response.ts'

/** We ask about one certificate; responders may add a few neighbours. */
const RESPONSE_LIMIT = 100

/** `extendedRevoke` says that certificates never issued are called revoked, which asks nothing of us (RFC 6960 section 4.4.8). */
const KNOWN: ReadonlySet<string> = new Set([OCSP.nonce, OCSP.extendedRevoke])

type ResponseData = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'nonce' | 'unknownCritical'>

/** The signed part of an answer (RFC 6960 section 4.2.1). @throws DerSyntaxError */
export function readResponseData(node: DerNode): ResponseData {
  const fields = new DerFields(node, 'tbsResponseData')
  checkVersion(fields.takeOptionalContext(0))
  const responderId = readResponderId(fields.takeAny())
  const producedAt = readGeneralizedTime(fields.takeAny(), 'producedAt')
  const responses = expectParts(fields.takeAny(), TAG.sequence, 'responses')
  if (responses.length > RESPONSE_LIMIT) throw new DerSyntaxError(`more than ${RESPONSE_LIMIT} responses`)
  const extensions = readExtensions(fields.takeOptionalContext(1))
  fields.end()
  return {
    responderId,
    producedAt,
    responses: responses.map(readSingleResponse),
    nonce: readNonce(extensions.get(OCSP.nonce)?.value),
    unknownCritical: findUnknownCritical(extensions, KNOWN),
  }
}

function checkVersion(wrapper: DerNode | undefined): void {
  const version = wrapper === undefined ? 0 : readSmallInteger(expectOnlyChild(wrapper, 'version'), 'version')
  if (version !== 0) throw new DerSyntaxError('not version 1')
}

function readResponderId(node: DerNode | undefined): ResponderId {
  if (node === undefined) throw new DerSyntaxError('responderID is missing')
  const value = expectOnlyChild(node, 'responderID')
  if (isContext(node, 1)) {
    return { kind: 'name', subjectKey: matchingKey(readDistinguishedName(value, 'responderID')) }
  }
  if (!isContext(node, 2)) throw new DerSyntaxError('responderID is neither name nor key')
  return { kind: 'key', hash: expectUniversal(value, TAG.octetString, 'responderID').contents }
}

/** RFC 8954 section 2.1: an OCTET STRING inside the one that every extension has. */
function readNonce(value: Buffer | undefined): Buffer | null {
  return value === undefined ? null : expectUniversal(readDer(value), TAG.octetString, 'nonce').contents
}
