import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { Finding } from '../../model/refusal.ts'
import { nameForOperator, shorten } from '../path/describe-problem.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { RevocationSource, RevocationStatus } from './revocation-status.ts'
import type { TriedSource } from './store/revocation-store.ts'

const SOURCE_NAMES: Readonly<Record<RevocationSource, string>> = { ocsp: 'OCSP', crl: 'a CRL' }

export function describeRevoked(
  certificate: ParsedCertificate,
  isClient: boolean,
  { revokedAt, reason, source }: Extract<RevocationStatus, { kind: 'revoked' }>,
): Finding {
  const at = isClient ? 'client certificate' : 'issuer certificate'
  const why = reason ?? 'no reason given'
  return {
    reason: isClient ? 'client-certificate-revoked' : 'client-certificate-issuer-revoked',
    at,
    message: `the ${at} is revoked`,
    wanted: 'a certificate that is not revoked',
    found: shorten(`revoked at ${revokedAt.toISOString()}, ${why}${ofIssuer(certificate, isClient)}`),
    detail: `${nameForOperator(certificate)}; by ${SOURCE_NAMES[source]}`,
  }
}

/** `tried` is empty when there was nobody to ask, which no waiting will change. */
export function describeUnknown(
  certificate: ParsedCertificate,
  isClient: boolean,
  tried: readonly TriedSource[],
  check: readonly RevocationSource[],
): Finding {
  const at = isClient ? 'client certificate' : 'issuer certificate'
  const whom = ofIssuer(certificate, isClient)
  if (tried.length === 0) {
    const names = check.map((source) => SOURCE_NAMES[source]).join(' or ')
    return {
      ...{ reason: 'client-certificate-revocation-unstated', at },
      message: `the ${at} does not say where its revocation can be asked for`,
      wanted: `a certificate that names ${names}`,
      found: shorten(`none of them${whom}`),
      detail: `${nameForOperator(certificate)}; put a CRL of its issuer into the trust folder, or set where to ask`,
    }
  }
  const failed = tried.map(({ source }) => SOURCE_NAMES[source]).join(' and ')
  return {
    ...{ reason: 'client-certificate-revocation-unknown', at },
    message: `whether the ${at} is revoked cannot be told at the moment; try again later`,
    wanted: `a current answer of ${failed}`,
    found: shorten(`none that can be used${whom}`),
    // What went wrong comes first: an audit record cuts long texts.
    detail: `${tried.map(({ source, why }) => `${source}: ${why}`).join('; ')}; ${nameForOperator(certificate)}`,
  }
}

function ofIssuer({ facts }: ParsedCertificate, isClient: boolean): string {
  return isClient ? '' : `, of ${writeDistinguishedName(facts.subject)}`
}
