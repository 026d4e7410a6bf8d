import { encodeText } from '../../distinguished-name/encode-text.ts'
import { organizationIdentifierOf } from '../../distinguished-name/organization-identifier.ts'
import { parseDistinguishedName } from '../../distinguished-name/parse-distinguished-name.ts'
import type { CertificateFacts, SubjectAltNames } from '../../model/client.ts'
import { buildQualifiedStatements } from './build-qualified-statements.ts'
import type { CaseCertificate } from './cases-file-schema.ts'

/** Facts of a certificate that a case speaks of; what it leaves out is that of an ordinary one. @throws DistinguishedNameSyntaxError */
export function buildCaseCertificate(data: CaseCertificate): CertificateFacts {
  const { type = 'rsa', bits = 2048, curve } = data.publicKey ?? {}
  const subject = parseDistinguishedName(data.subject ?? 'CN=client')
  return {
    subject,
    issuer: parseDistinguishedName(data.issuer ?? 'CN=issuer'),
    organizationIdentifier: organizationIdentifierOf(subject),
    serialNumber: data.serialNumber ?? '1',
    notBefore: new Date(data.notBefore ?? '2020-01-01T00:00:00Z'),
    notAfter: new Date(data.notAfter ?? '2040-01-01T00:00:00Z'),
    subjectAltNames: alternativesOf(data.subjectAltNames ?? {}),
    keyUsage: data.keyUsage ?? ['digitalSignature'],
    extendedKeyUsage: data.extendedKeyUsage ?? ['1.3.6.1.5.5.7.3.2'],
    policies: data.policies ?? [],
    qualified: buildQualifiedStatements(data.qualified ?? {}),
    publicKey: { type, bits, ...(curve === undefined ? {} : { curve }) },
    thumbprint: data.thumbprint ?? 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2',
  }
}

function alternativesOf(data: NonNullable<CaseCertificate['subjectAltNames']>): SubjectAltNames {
  const { dns = [], uri = [], ip = [], email = [], otherName = {}, directoryName = [] } = data
  return {
    ...{ dns, uri, ip, email },
    otherName: Object.entries(otherName).flatMap(([type, texts]) =>
      texts.map((text) => ({ type, value: text, der: encodeText(text).der })),
    ),
    directoryName: directoryName.map(parseDistinguishedName),
  }
}
