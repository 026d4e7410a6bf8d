import type { CertificateRevocation, RevocationVerdict } from '../certificate/revocation/check-revocation.ts'
import type { RevocationSource, RevocationStatus } from '../certificate/revocation/revocation-status.ts'
import { countOf } from '../document/write-faults.ts'
import type { RevocationDemand } from '../model/policy.ts'
import { writeTime } from './spell-time.ts'
import { nameOf } from './write-certificate.ts'

const NAMES: Readonly<Record<RevocationSource, string>> = { ocsp: 'OCSP', crl: 'CRL' }

/** How a policy has revocation found out, in one line. */
export function writeRevocationDemand(demand: RevocationDemand | null): string {
  if (demand === null) return 'not asked about'
  const { check, unknown, lastGoodHoldsSeconds, issuers } = demand
  return [
    `by ${check.map((source) => NAMES[source]).join(', then ')}`,
    `unknown is ${unknown === 'refuse' ? 'refused' : 'accepted'}`,
    ...(issuers.length === 0 ? [] : [`exceptions for ${countOf(issuers.length, 'issuer')}`]),
    `the last good answer holds for ${lastGoodHoldsSeconds} s past its end`,
  ].join(', ')
}

/** What is known of each certificate of a path below the anchor, a line for each and one for every source that could not tell. */
export function writeRevocation({ certificates }: RevocationVerdict): readonly string[] {
  return certificates.flatMap(({ link, isClient, answer }) => {
    const whom = isClient ? 'the client' : nameOf(link.certificate.facts.subject)
    return [`revocation of ${whom}: ${describe(answer)}`, ...writeTried(answer)]
  })
}

function describe(answer: CertificateRevocation['answer']): string {
  if (answer === null) return 'not asked about, since another certificate is revoked'
  const { status, tried } = answer
  if (status.kind !== 'unknown') return describeKnown(status)
  return tried.length === 0 ? 'unknown, there is nobody to ask' : 'unknown'
}

function describeKnown(status: Exclude<RevocationStatus, { readonly kind: 'unknown' }>): string {
  const source = NAMES[status.source]
  if (status.kind === 'revoked')
    return `revoked at ${writeTime(status.revokedAt)}, ${status.reason ?? 'no reason given'}, by ${source}`
  const next = status.nextUpdate === null ? '' : `, next update ${writeTime(status.nextUpdate)}`
  return `good, by ${source} of ${writeTime(status.thisUpdate)}${next}`
}

function writeTried(answer: CertificateRevocation['answer']): readonly string[] {
  return (answer?.tried ?? []).map(({ source, why }) => `  ${NAMES[source]} does not tell: ${why}`)
}
