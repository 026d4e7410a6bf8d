import { DerFields } from '../../../asn1/der-fields.ts'
import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { expectOnlyChild } from '../../../asn1/expect-only-child.ts'
import { readWholeBytes } from '../../../asn1/read-bit-string.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readEnumerated } from '../../../asn1/read-enumerated.ts'
import { readObjectIdentifier } from '../../../asn1/read-object-identifier.ts'
import { TAG } from '../../../asn1/tags.ts'
import { readSignatureAlgorithm } from '../../parse/read-signature-algorithm.ts'
import { OCSP } from './ocsp-oids.ts'
import type { BasicOcspResponse, OcspErrorStatus, ParsedOcspResponse } from './parsed-ocsp-response.ts'
import { readCarriedCertificates } from './read-carried-certificates.ts'
import { readResponseData } from './read-response-data.ts'

/** Bytes that are no OCSPResponse of RFC 6960 section 4.2.1; the message names the part and repeats nothing. */
export class OcspSyntaxError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'OcspSyntaxError'
  }
}

/** Answers are about 0.5 to 5 kB, one with a chain of certificates somewhat more. */
const LIMITS = { sizeLimitBytes: 65_536, depthLimit: 32 }

/** Takes a DER answer apart. @throws OcspSyntaxError for any other bytes, and beyond 64 KiB */
export function parseOcspResponse(der: Buffer): ParsedOcspResponse {
  try {
    return readOcspResponse(der)
  } catch (failure) {
    if (failure instanceof DerSyntaxError) throw new OcspSyntaxError(failure.message, { cause: failure })
    throw failure
  }
}

function readOcspResponse(der: Buffer): ParsedOcspResponse {
  const fields = new DerFields(readDer(der, LIMITS), 'OCSPResponse')
  const status = readEnumerated(fields.takeAny(), 'responseStatus')
  if (status !== SUCCESSFUL) {
    fields.end()
    return { kind: 'error', status: errorStatus(status) }
  }
  const wrapper = fields.takeOptionalContext(0)
  fields.end()
  if (wrapper === undefined) throw new DerSyntaxError('responseBytes is missing')
  return readResponseBytes(expectOnlyChild(wrapper, 'responseBytes'))
}

const SUCCESSFUL = 0

const ERRORS: Readonly<Record<number, OcspErrorStatus>> = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
}

function errorStatus(code: number): OcspErrorStatus {
  const status = ERRORS[code]
  if (status === undefined) throw new DerSyntaxError('responseStatus is not one of RFC 6960')
  return status
}

function readResponseBytes(node: DerNode): BasicOcspResponse {
  const fields = new DerFields(node, 'responseBytes')
  const type = readObjectIdentifier(fields.takeAny(), 'responseType')
  const response = fields.take(TAG.octetString, 'response').contents
  fields.end()
  if (type !== OCSP.basicResponse) throw new DerSyntaxError('responseType is not the basic one')
  return readBasicResponse(readDer(response, LIMITS))
}

function readBasicResponse(node: DerNode): BasicOcspResponse {
  const fields = new DerFields(node, 'BasicOCSPResponse')
  const data = fields.take(TAG.sequence, 'tbsResponseData')
  const algorithm = fields.take(TAG.sequence, 'signatureAlgorithm')
  const signature = readWholeBytes(fields.takeAny(), 'signature')
  const carried = fields.takeOptionalContext(0)
  fields.end()
  return {
    kind: 'basic',
    ...readResponseData(data),
    tbs: data.raw,
    signature,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    certificates: carried === undefined ? () => [] : readCarriedCertificates(expectOnlyChild(carried, 'certs')),
  }
}
