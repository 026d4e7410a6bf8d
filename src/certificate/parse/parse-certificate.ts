import { createHash } from 'node:crypto'
import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { readWholeBytes } from '../../asn1/read-bit-string.ts'
import { readDer } from '../../asn1/read-der.ts'
import { TAG } from '../../asn1/tags.ts'
import { matchingKey } from '../../distinguished-name/match-distinguished-names.ts'
import { organizationIdentifierOf } from '../../distinguished-name/organization-identifier.ts'
import { NO_STATEMENTS } from '../../model/qualified-statements.ts'
import { EXTENSION } from './extension-oids.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import { parseTbsCertificate } from './parse-tbs-certificate.ts'
import { readBasicConstraints } from './read-basic-constraints.ts'
import { readIfPresent, type Extension } from './read-extensions.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from './read-key-identifiers.ts'
import { readPathExtensions } from './read-path-extensions.ts'
import { readQualifiedStatements } from './read-qualified-statements.ts'
import { readSignatureAlgorithm } from './read-signature-algorithm.ts'
import { readSubjectAltNames } from './read-subject-alt-names.ts'
import { readCertificatePolicies, readExtendedKeyUsage, readKeyUsage } from './read-usages.ts'

/** Bytes that are no X.509 version 3 certificate of RFC 5280 section 4; the message names the part and repeats nothing. */
export class CertificateSyntaxError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CertificateSyntaxError'
  }
}

/** Takes a DER certificate apart, extensions that path validation needs included. @throws CertificateSyntaxError for any other bytes */
export function parseCertificate(der: Buffer): ParsedCertificate {
  try {
    return readCertificate(der)
  } catch (failure) {
    if (failure instanceof DerSyntaxError) throw new CertificateSyntaxError(failure.message, { cause: failure })
    throw failure
  }
}

function readCertificate(der: Buffer): ParsedCertificate {
  const fields = new DerFields(readDer(der), 'certificate')
  const tbsNode = fields.take(TAG.sequence, 'tbsCertificate')
  const algorithmNode = fields.take(TAG.sequence, 'signatureAlgorithm')
  const signature = readWholeBytes(fields.takeAny(), 'signature')
  fields.end()
  const tbs = parseTbsCertificate(tbsNode)
  checkSameAlgorithm(tbs.signatureAlgorithm, algorithmNode)
  const { extensions, issuerNode, subjectNode, publicKeyNode, signatureAlgorithm: _, ...facts } = tbs
  return {
    facts: {
      ...facts,
      ...readExtensionFacts(extensions),
      organizationIdentifier: organizationIdentifierOf(facts.subject),
      qualified: readIfPresent(extensions, EXTENSION.qcStatements, readQualifiedStatements) ?? NO_STATEMENTS,
      thumbprint: createHash('sha256').update(der).digest('base64url'),
    },
    der,
    tbs: tbsNode.raw,
    signature,
    signatureAlgorithm: readSignatureAlgorithm(algorithmNode),
    publicKeyDer: publicKeyNode.raw,
    issuerNameDer: issuerNode.raw,
    subjectNameDer: subjectNode.raw,
    issuerKey: matchingKey(facts.issuer),
    subjectKey: matchingKey(facts.subject),
    basicConstraints: readIfPresent(extensions, EXTENSION.basicConstraints, readBasicConstraints),
    subjectKeyId: readIfPresent(extensions, EXTENSION.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyId: readIfPresent(extensions, EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    ...readPathExtensions(extensions),
    extensions,
  }
}

/** The outer one is not signed, so it must not say anything else (RFC 5280 section 4.1.1.2). */
function checkSameAlgorithm(signed: DerNode, unsigned: DerNode): void {
  if (!signed.raw.equals(unsigned.raw))
    throw new DerSyntaxError('signature algorithms inside and outside the signed part differ')
}

const NO_NAMES = { dns: [], uri: [], ip: [], email: [], otherName: [], directoryName: [] }

function readExtensionFacts(
  extensions: ReadonlyMap<string, Extension>,
): Pick<ParsedCertificate['facts'], 'subjectAltNames' | 'keyUsage' | 'extendedKeyUsage' | 'policies'> {
  return {
    subjectAltNames: readIfPresent(extensions, EXTENSION.subjectAltName, readSubjectAltNames) ?? NO_NAMES,
    keyUsage: readIfPresent(extensions, EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: readIfPresent(extensions, EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    policies: readIfPresent(extensions, EXTENSION.certificatePolicies, readCertificatePolicies) ?? [],
  }
}
