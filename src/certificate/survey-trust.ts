import type { DistinguishedName } from '../distinguished-name/distinguished-name.ts'
import type { ParsedCertificate } from './parse/parsed-certificate.ts'
import { verifySignature } from './path/verify-signature.ts'
import { parseCrl } from './revocation/crl/parse-crl.ts'
import type { ParsedCrl } from './revocation/crl/parsed-crl.ts'
import { parseOcspResponse } from './revocation/ocsp/parse-ocsp-response.ts'
import type { StoredAnswer } from './revocation/store/answer-folder.ts'
import { parseAnswer } from './revocation/store/parse-answer.ts'
import { RevocationFailure } from './revocation/store/revocation-failure.ts'
import { issuerId } from './revocation/store/issuer-id.ts'
import type { TrustStore } from './trust/trust-store.ts'

/** One CRL that is at hand. */
export interface SurveyedCrl {
  /** Null for one of the operator, in `crls/`. */
  readonly url: string | null
  readonly issuer: DistinguishedName
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly entryCount: number
  readonly isDelta: boolean
  /** It says which certificates, addresses or reasons it is for (RFC 5280 section 5.2.5). */
  readonly isScoped: boolean
  /** By the issuer that it is listed under; whether another may sign for that one depends on the certificate asked about. */
  readonly isSignedByIssuer: boolean
}

/** OCSP answers that were kept, by what they say of themselves. */
export interface SurveyedAnswers {
  readonly count: number
  /** The earliest of all; null when there is none, or none that says. */
  readonly oldest: Date | null
  readonly nextUpdate: Date | null
}

export interface SurveyedIssuer {
  readonly role: 'anchor' | 'held intermediate'
  readonly certificate: ParsedCertificate
  readonly crls: readonly SurveyedCrl[]
  readonly ocsp: SurveyedAnswers
}

/** One trust folder with what is at hand to say who was revoked. */
export interface TrustSurvey {
  readonly trust: TrustStore
  readonly issuers: readonly SurveyedIssuer[]
  /** CRLs in `crls/` that none of the issuers here signed. */
  readonly strays: readonly SurveyedCrl[]
  /** Kept answers for issuers that clients brought along, or that are not here any more. */
  readonly foreignAnswerCount: number
}

/** `kept` is what lies in the revocation folder; nothing of it is believed here, it is shown. */
export function surveyTrust(trust: TrustStore, kept: readonly StoredAnswer[]): TrustSurvey {
  const anchors = [...trust.anchors.values()].flat()
  const intermediates = [...trust.intermediates.values()].flat()
  const survey = (role: SurveyedIssuer['role']) => (certificate: ParsedCertificate) =>
    surveyIssuer(role, certificate, trust.crls, kept)
  const ids = new Set([...trust.held.values()].map(issuerId))
  const isSigned = (crl: ParsedCrl): boolean => [...trust.held.values()].some((issuer) => covers(crl, issuer))
  return {
    trust,
    issuers: [...anchors.map(survey('anchor')), ...intermediates.map(survey('held intermediate'))],
    strays: trust.crls.filter((crl) => !isSigned(crl)).map((crl) => describeCrl(crl, null, false)),
    foreignAnswerCount: kept.filter(({ key }) => !ids.has(ownerOf(key))).length,
  }
}

function surveyIssuer(
  role: SurveyedIssuer['role'],
  certificate: ParsedCertificate,
  local: readonly ParsedCrl[],
  kept: readonly StoredAnswer[],
): SurveyedIssuer {
  const own = kept.filter(({ key }) => ownerOf(key) === issuerId(certificate))
  const held = local.filter((crl) => covers(crl, certificate)).map((crl) => describeCrl(crl, null, true))
  const fetched = own.flatMap((stored) => describeKeptCrl(stored, certificate))
  return { role, certificate, crls: [...held, ...fetched], ocsp: surveyAnswers(own) }
}

function covers(crl: ParsedCrl, issuer: ParsedCertificate): boolean {
  return crl.issuerKey === issuer.subjectKey && verifySignature(crl, issuer)
}

/** Keys begin with the issuer, whatever the source. */
function ownerOf(key: string): string {
  return key.split(' ', 1)[0] ?? ''
}

function describeKeptCrl({ source, der, url }: StoredAnswer, issuer: ParsedCertificate): SurveyedCrl | [] {
  if (source !== 'crl') return []
  const crl = tryParse(der, parseCrl)
  return crl === null ? [] : describeCrl(crl, url, covers(crl, issuer))
}

/** Null for what is kept and cannot be read, which the gateway removes when it comes upon it. */
function tryParse<Answer>(der: Buffer, parse: (der: Buffer) => Answer): Answer | null {
  try {
    return parseAnswer(der, parse)
  } catch (failure) {
    if (failure instanceof RevocationFailure) return null
    throw failure
  }
}

function describeCrl(crl: ParsedCrl, url: string | null, isSignedByIssuer: boolean): SurveyedCrl {
  const { issuer, thisUpdate, nextUpdate, entries, baseCrlNumber, issuingDistributionPoint } = crl
  const [isDelta, isScoped] = [baseCrlNumber !== null, issuingDistributionPoint !== null]
  return { url, issuer, thisUpdate, nextUpdate, entryCount: entries.count, isDelta, isScoped, isSignedByIssuer }
}

function surveyAnswers(kept: readonly StoredAnswer[]): SurveyedAnswers {
  const answers = kept
    .filter(({ source }) => source === 'ocsp')
    .flatMap(({ der }) => tryParse(der, parseOcspResponse) ?? [])
  const singles = answers.flatMap((answer) => (answer.kind === 'basic' ? answer.responses : []))
  return {
    count: answers.length,
    oldest: earliest(singles.map(({ thisUpdate }) => thisUpdate)),
    nextUpdate: earliest(singles.flatMap(({ nextUpdate }) => nextUpdate ?? [])),
  }
}

function earliest(times: readonly Date[]): Date | null {
  return times.toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null
}
