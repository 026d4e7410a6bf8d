import type { AttributeValue } from '../../../distinguished-name/distinguished-name.ts'
import type { GeneralName } from '../../parse/general-name.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'
const COMMON_NAME = '2.5.4.3'
/** A host name with at least one dot. */
const HOST = /^(?:[a-z\d_](?:[a-z\d_-]*[a-z\d_])?\.)+[a-z\d_](?:[a-z\d_-]*[a-z\d_])?$/i

/**
 * Every name that a certificate gives its subject, as name constraints see them (RFC 5280 section 4.2.1.10): alternative names, the
 * subject, and mail addresses in it. As OpenSSL does, mail addresses count even beside alternative names, and so does a client's common
 * name that looks like a host name where no alternative one is given: somebody may read it as such.
 */
export function certifiedNames(certificate: ParsedCertificate, isClient: boolean): readonly GeneralName[] {
  const { alternativeNames, subjectKey, facts } = certificate
  const attributes = facts.subject.flat()
  const subject: GeneralName[] =
    facts.subject.length === 0 ? [] : [{ form: 'directory', name: facts.subject, key: subjectKey }]
  const emails = textsOf(attributes, EMAIL_ADDRESS).map((text): GeneralName => ({ form: 'email', text }))
  const hostsMissing = isClient && !alternativeNames.some(({ form }) => form === 'dns')
  const hosts = hostsMissing ? textsOf(attributes, COMMON_NAME).filter((text) => HOST.test(text)) : []
  return [...alternativeNames, ...subject, ...emails, ...hosts.map((text): GeneralName => ({ form: 'dns', text }))]
}

/** A value that is no text is empty, which no constraint on its form lets pass. */
function textsOf(attributes: readonly AttributeValue[], wanted: string): readonly string[] {
  return attributes.filter(({ oid }) => oid === wanted).map(({ value }) => value ?? '')
}
