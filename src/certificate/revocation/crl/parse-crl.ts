import type { DerExtent } from '../../../asn1/der-node.ts'
import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readWholeBytes } from '../../../asn1/read-bit-string.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readHeader } from '../../../asn1/read-header.ts'
import { readSmallInteger } from '../../../asn1/read-integer.ts'
import { readTime } from '../../../asn1/read-time.ts'
import { TAG } from '../../../asn1/tags.ts'
import { matchingKey } from '../../../distinguished-name/match-distinguished-names.ts'
import { readDistinguishedName } from '../../../distinguished-name/read-distinguished-name.ts'
import { readSignatureAlgorithm } from '../../parse/read-signature-algorithm.ts'
import { CrlEntries } from './crl-entries.ts'
import { CrlSyntaxError } from './crl-syntax-error.ts'
import { DerCursor } from './der-cursor.ts'
import { parseCrlEntries } from './parse-crl-entries.ts'
import type { ParsedCrl } from './parsed-crl.ts'
import { pointNameKeys } from './point-name-keys.ts'
import { readCrlExtensions } from './read-crl-extensions.ts'

const SEQUENCE = 0x30
const EXTENSIONS = 0xa0
/** Lists in use have up to some ten megabytes. */
const USUAL_LIMIT_BYTES = 33_554_432

/**
 * Takes a DER certificate revocation list apart (RFC 5280 section 5.1), all but its entries, which are read when they are asked for.
 * @throws CrlSyntaxError for any other bytes
 */
export function parseCrl(der: Buffer, sizeLimitBytes: number = USUAL_LIMIT_BYTES): ParsedCrl {
  try {
    if (der.length > sizeLimitBytes) throw new DerSyntaxError(`more than ${sizeLimitBytes} bytes`)
    return readCrl(der)
  } catch (failure) {
    if (failure instanceof DerSyntaxError) throw new CrlSyntaxError(failure.message, { cause: failure })
    throw failure
  }
}

function readCrl(der: Buffer): ParsedCrl {
  const list = readHeader(der, 0)
  if (der[0] !== SEQUENCE || list.end !== der.length) throw new DerSyntaxError('no certificate list, or bytes after it')
  const parts = new DerCursor(der, list)
  const tbs = parts.take(SEQUENCE, 'tbsCertList')
  const algorithm = nodeAt(der, parts.take(SEQUENCE, 'signatureAlgorithm'))
  const signature = readWholeBytes(nodeAt(der, parts.take(TAG.bitString, 'signatureValue')), 'signatureValue')
  parts.end('certificate list')
  return {
    ...readTbsCertList(der, tbs, algorithm),
    tbs: der.subarray(tbs.start, tbs.end),
    signature,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
  }
}

function readTbsCertList(
  der: Buffer,
  tbs: DerExtent,
  outerAlgorithm: DerNode,
): Omit<ParsedCrl, 'tbs' | 'signature' | 'signatureAlgorithm'> {
  const parts = new DerCursor(der, tbs)
  const version = parts.takeOptional(TAG.integer)
  if (version !== undefined && readSmallInteger(nodeAt(der, version), 'version') !== 1)
    throw new DerSyntaxError('not version 2')
  // The outer one is not signed, so it must not say anything else (RFC 5280 section 5.1.1.2).
  if (!nodeAt(der, parts.take(SEQUENCE, 'signature')).raw.equals(outerAlgorithm.raw))
    throw new DerSyntaxError('signature algorithms inside and outside the signed part differ')
  const issuer = readDistinguishedName(nodeAt(der, parts.take(SEQUENCE, 'issuer')), 'issuer')
  if (issuer.length === 0) throw new DerSyntaxError('issuer is empty')
  const issuerKey = matchingKey(issuer)
  const dates = readDates(der, parts)
  const revoked = parts.takeOptional(SEQUENCE) ?? null
  const wrapper = parts.takeOptional(EXTENSIONS)
  parts.end('tbsCertList')
  if (wrapper !== undefined && version === undefined) throw new DerSyntaxError('extensions in version 1')
  const extensions = readCrlExtensions(wrapper === undefined ? undefined : nodeAt(der, wrapper))
  const { name: scopeName = null, indirect = false } = extensions.issuingDistributionPoint ?? {}
  const scopeNameKeys = scopeName === null ? null : pointNameKeys(scopeName, [issuer])
  const entries = new CrlEntries(() => parseCrlEntries(der, revoked, { issuerKey, indirect }))
  return { issuer, issuerKey, ...dates, ...extensions, scopeNameKeys, entries }
}

function readDates(der: Buffer, parts: DerCursor): Pick<ParsedCrl, 'thisUpdate' | 'nextUpdate'> {
  const [thisUpdate, nextUpdate] = [0, 1].map(() => parts.takeOptional(TAG.utcTime, TAG.generalizedTime))
  return {
    thisUpdate: readTime(thisUpdate === undefined ? undefined : nodeAt(der, thisUpdate), 'thisUpdate'),
    nextUpdate: nextUpdate === undefined ? null : readTime(nodeAt(der, nextUpdate), 'nextUpdate'),
  }
}

function nodeAt(der: Buffer, { start, end }: DerExtent): DerNode {
  return readDer(der.subarray(start, end))
}
