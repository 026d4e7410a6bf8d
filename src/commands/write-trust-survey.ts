import type { SurveyedAnswers, SurveyedCrl, SurveyedIssuer, TrustSurvey } from '../certificate/survey-trust.ts'
import type { TrustSettings } from '../certificate/trust/trust-settings-schema.ts'
import type { ParsedCertificate } from '../certificate/parse/parsed-certificate.ts'
import { escapeControls } from '../document/escape-controls.ts'
import { countOf } from '../document/write-faults.ts'
import { spellAge, spellNextUpdate, spellSpan, spellValidity } from './spell-time.ts'
import { cut, describeKey, nameOf, writeDigests } from './write-certificate.ts'

/** Where a trust folder stands and who uses it. */
export interface TrustPlace {
  readonly folder: string
  /** Paths. */
  readonly endpoints: readonly string[]
  /** Where answers are kept; null where they are remembered in memory alone. */
  readonly keptIn: string | null
  /** What was wrong with what is kept, in words. */
  readonly keptProblems: readonly string[]
}

/** What people see of one trust folder, one fact a line. */
export function writeTrustSurvey({ trust, ...survey }: TrustSurvey, place: TrustPlace, now: Date): string {
  const { length: count } = survey.issuers
  const lines = [
    `trust ${trust.name}: ${place.folder}`,
    `  used by: ${place.endpoints.join(', ') || 'no endpoint'}`,
    ...writeSettings(trust.settings),
    `  answers are kept in: ${place.keptIn ?? 'memory alone, since revocation.folder is not set'}`,
    ...place.keptProblems.map((problem) => `  kept, but of no use: ${problem}`),
    ...(survey.foreignAnswerCount === 0
      ? []
      : [`  kept for issuers that are not held here: ${countOf(survey.foreignAnswerCount, 'answer')}`]),
    ...survey.strays.map((crl) => `  CRL of none of these issuers, of ${nameOf(crl.issuer)}: ${describeCrl(crl, now)}`),
    ...trust.responders.flatMap((responder) => writeResponder(responder, now)),
    `  ${countOf(count, 'issuer')}`,
    ...survey.issuers.flatMap((issuer) => writeIssuer(issuer, now)),
  ]
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function writeSettings({ ocsp, crl, fetch }: TrustSettings): readonly string[] {
  return [
    `  OCSP responder: ${ocsp.responderUrl ?? 'those that certificates name'}`,
    `  OCSP nonce: ${NONCES[ocsp.nonce]}`,
    `  OCSP answers that name no next update count for: ${spellSpan(ocsp.maxAgeMs)}`,
    ...crl.urls.map((url) => `  CRL to fetch besides those that certificates name: ${url}`),
    `  hosts that are asked: ${fetch.hosts === undefined ? 'those that certificates name' : fetch.hosts.join(', ') || 'none'}`,
    ...(fetch.allowPrivateAddresses ? ['  private addresses: asked as well'] : []),
  ]
}

const NONCES = {
  offer: 'offered, an answer without it counts',
  require: 'sent, an answer without it does not count',
  omit: 'none',
} as const

function writeResponder({ facts }: ParsedCertificate, now: Date): readonly string[] {
  return [
    `  responder: ${nameOf(facts.subject)}`,
    `    ${spellValidity(facts, now)}`,
    ...writeDigests(facts).map((line) => `    ${line}`),
  ]
}

function writeIssuer({ role, certificate, crls, ocsp }: SurveyedIssuer, now: Date): readonly string[] {
  const { facts } = certificate
  const lines = [
    spellValidity(facts, now),
    `key: ${describeKey(facts.publicKey)}`,
    ...writeDigests(facts),
    ...(crls.length === 0 ? ['CRL: none'] : crls.map((crl) => `CRL: ${describeCrl(crl, now)}`)),
    `OCSP: ${describeAnswers(ocsp, now)}`,
  ]
  return [`  ${role}: ${nameOf(facts.subject)}`, ...lines.map((line) => `    ${line}`)]
}

function describeCrl(crl: SurveyedCrl, now: Date): string {
  return [
    crl.url === null ? 'in crls/' : `kept from ${cut(crl.url)}`,
    spellAge(crl.thisUpdate, now),
    spellNextUpdate(crl.nextUpdate, now),
    crl.entryCount === 1 ? '1 entry' : `${crl.entryCount} entries`,
    ...(crl.isDelta ? ['a delta'] : []),
    ...(crl.isScoped ? ['with a scope of its own'] : []),
    ...(crl.url !== null && !crl.isSignedByIssuer ? ['signed by another'] : []),
  ].join(', ')
}

function describeAnswers({ count, oldest, nextUpdate }: SurveyedAnswers, now: Date): string {
  if (count === 0) return 'no answers kept'
  const age =
    oldest === null ? [] : [`the oldest ${spellAge(oldest, now)}`, `first ${spellNextUpdate(nextUpdate, now)}`]
  return [`${countOf(count, 'answer')} kept`, ...age].join(', ')
}
