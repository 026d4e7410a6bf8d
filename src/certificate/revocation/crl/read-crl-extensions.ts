import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readIntegerHex } from '../../../asn1/read-integer.ts'
import { readExtensions, readIfPresent } from '../../parse/read-extensions.ts'
import { readAuthorityKeyIdentifier } from '../../parse/read-key-identifiers.ts'
import { CRL_EXTENSION } from './crl-extension-oids.ts'
import type { ParsedCrl } from './parsed-crl.ts'
import { readIssuingDistributionPoint } from './read-issuing-distribution-point.ts'

/** Extensions that are obeyed, and those that forbid nothing. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  CRL_EXTENSION.issuerAltName,
  CRL_EXTENSION.crlNumber,
  CRL_EXTENSION.deltaCrlIndicator,
  CRL_EXTENSION.issuingDistributionPoint,
  CRL_EXTENSION.authorityKeyIdentifier,
  CRL_EXTENSION.freshestCrl,
  CRL_EXTENSION.authorityInfoAccess,
])

/** RFC 5280 section 5.2. @throws DerSyntaxError */
export function readCrlExtensions(
  wrapper: DerNode | undefined,
): Pick<ParsedCrl, 'crlNumber' | 'baseCrlNumber' | 'authorityKeyId' | 'issuingDistributionPoint' | 'notUnderstood'> {
  const extensions = readExtensions(wrapper)
  const unknown = [...extensions].find(([oid, { critical }]) => critical && !UNDERSTOOD.has(oid))
  return {
    crlNumber: readIfPresent(extensions, CRL_EXTENSION.crlNumber, readCrlNumber),
    baseCrlNumber: readIfPresent(extensions, CRL_EXTENSION.deltaCrlIndicator, readCrlNumber),
    authorityKeyId: readIfPresent(extensions, CRL_EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    issuingDistributionPoint: readIfPresent(
      extensions,
      CRL_EXTENSION.issuingDistributionPoint,
      readIssuingDistributionPoint,
    ),
    notUnderstood: unknown?.[0] ?? null,
  }
}

/** RFC 5280 section 5.2.3: up to 20 bytes, so more than a number holds. */
function readCrlNumber(value: Buffer): bigint {
  const hex = readIntegerHex(readDer(value), 'cRLNumber')
  if (hex.startsWith('-') || hex.length > 40) throw new DerSyntaxError('cRLNumber is negative or too long')
  return BigInt(`0x${hex}`)
}
