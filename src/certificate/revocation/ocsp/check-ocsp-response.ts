import type { IssuedCertificate, RevocationStatus } from '../revocation-status.ts'
import { matchesCertId } from './cert-id.ts'
import { checkResponder } from './check-responder.ts'
import { checkTimes, type FreshnessRules } from './check-times.ts'
import type { BasicOcspResponse, CertStatus, ParsedOcspResponse, SingleResponse } from './parsed-ocsp-response.ts'
import type { ResponderRules } from './responder-rules.ts'

export interface OcspRules extends ResponderRules, FreshnessRules {
  /** What the request carried; null when nothing. */
  readonly nonce: Buffer | null
  /**
   * `optional`: responders that answer in advance repeat none, but one that is there must be ours. `required`: it must be there.
   * `ignored`: for an answer that passed when it came and is read back from where it was kept.
   */
  readonly nonceMode: 'required' | 'optional' | 'ignored'
}

/**
 * What an answer says of one certificate (RFC 6960 section 3.2), `unknown` wherever that is not beyond doubt: nothing is taken from it
 * before its signature is found to be by the issuer, its delegate or a responder of the operator.
 */
export function checkOcspResponse(
  response: ParsedOcspResponse,
  link: IssuedCertificate,
  rules: OcspRules,
): RevocationStatus {
  if (response.kind === 'error') return unknown(`the responder gave no answer but ${response.status}`)
  const why = checkResponder(response, link, rules) ?? checkCritical(response)
  if (why !== null) return unknown(why)
  const about = response.responses.filter(({ certId }) => matchesCertId(certId, link))
  const answer = newest(about)
  if (answer === null) return unknown('the answer is about other certificates')
  if (about.some(({ status }) => status.kind !== answer.status.kind)) return unknown('the answer contradicts itself')
  const critical = about.map(checkCritical).find((problem) => problem !== null)
  return critical === undefined ? judge(answer, response, rules) : unknown(critical)
}

function judge(answer: SingleResponse, response: BasicOcspResponse, rules: OcspRules): RevocationStatus {
  const { status, thisUpdate, nextUpdate } = answer
  const why = checkNonce(response.nonce, rules) ?? checkTimes(answer, response.producedAt, rules)
  if (why !== null && !isLasting(status)) return unknown(why)
  switch (status.kind) {
    case 'good':
      return { kind: 'good', source: 'ocsp', thisUpdate, nextUpdate }
    case 'revoked':
      return { kind: 'revoked', source: 'ocsp', revokedAt: status.revokedAt, reason: status.reason }
    case 'unknown':
      return unknown('the responder does not know the certificate')
  }
}

/** Only a hold can end (RFC 5280 section 5.3.1), so replaying the proof of any other revocation cannot mislead, and to doubt it could. */
function isLasting(status: CertStatus): boolean {
  return status.kind === 'revoked' && status.reason !== 'certificateHold' && status.reason !== 'removeFromCRL'
}

function newest(answers: readonly SingleResponse[]): SingleResponse | null {
  const [first, ...others] = answers
  if (first === undefined) return null
  return others.reduce((latest, next) => (next.thisUpdate > latest.thisUpdate ? next : latest), first)
}

function checkCritical({ unknownCritical }: BasicOcspResponse | SingleResponse): string | null {
  return unknownCritical === null ? null : 'the answer has a critical extension that is not supported'
}

/** RFC 8954 section 2.1. */
function checkNonce(found: Buffer | null, { nonce, nonceMode }: OcspRules): string | null {
  if (nonceMode === 'ignored') return null
  if (found === null) return nonceMode === 'required' ? 'the answer does not repeat the nonce' : null
  return nonce?.equals(found) === true ? null : 'the answer repeats another nonce'
}

function unknown(why: string): RevocationStatus {
  return { kind: 'unknown', why }
}
