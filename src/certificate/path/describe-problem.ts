import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { DistinguishedName } from '../../distinguished-name/distinguished-name.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CertificateSyntaxError } from '../parse/parse-certificate.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { PathProblem } from './path-step.ts'

/** Values of a finding are short, names in certificates need not be. */
const VALUE_LIMIT_CHARACTERS = 200

export function describeProblem({ reason, certificate, isClient, message, wanted, found }: PathProblem): Finding {
  const at = isClient ? 'client certificate' : 'issuer certificate'
  const where = isClient ? found : `${found}, of ${writeDistinguishedName(certificate.facts.subject)}`
  return {
    reason,
    at,
    message: `the ${at} ${message}`,
    wanted,
    found: shorten(where),
    detail: nameForOperator(certificate),
  }
}

export function describeMalformed(failure: CertificateSyntaxError): Finding {
  return {
    reason: 'client-certificate-malformed',
    at: 'client certificate',
    message: 'the client certificate is not well-formed',
    wanted: 'an X.509 version 3 certificate as RFC 5280 section 4 describes it',
    found: failure.message,
  }
}

/** `deadEnd` is the certificate furthest up whose issuer is missing. */
export function describeUnknownIssuer(deadEnd: ParsedCertificate, trust: string): Finding {
  return {
    reason: 'client-certificate-issuer-unknown',
    at: 'client certificate',
    message: 'the client certificate does not lead to an issuer trusted here',
    wanted: `a certificate that leads to one of the trusted issuers ${trust}`,
    found: shorten(`issuer ${writeDistinguishedName(deadEnd.facts.issuer)}`),
    detail: nameForOperator(deadEnd),
  }
}

/** Names a certificate so that an operator finds it again. */
export function nameForOperator({ facts }: ParsedCertificate): string {
  return `certificate ${shorten(name(facts.subject))}, serial number ${facts.serialNumber}, SHA-256 ${facts.thumbprint}`
}

function name(subject: DistinguishedName): string {
  return subject.length === 0 ? 'without a subject' : writeDistinguishedName(subject)
}

export function shorten(text: string): string {
  const characters = Array.from(text)
  return characters.length <= VALUE_LIMIT_CHARACTERS
    ? text
    : `${characters.slice(0, VALUE_LIMIT_CHARACTERS - 1).join('')}…`
}
