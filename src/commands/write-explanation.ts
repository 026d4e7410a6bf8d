import { nameForOperator } from '../certificate/path/describe-problem.ts'
import type { ClientExplanation, ExplainedWay } from '../certificate/explain-client.ts'
import type { BrokenLink, Offered } from '../certificate/explain-presented.ts'
import type { ParsedCertificate } from '../certificate/parse/parsed-certificate.ts'
import { certificatesOf } from '../certificate/path/certificate-path.ts'
import type { TrustStore } from '../certificate/trust/trust-store.ts'
import { escapeControls } from '../document/escape-controls.ts'
import type { CertificateDemand } from '../model/policy.ts'
import { reasonEntry } from '../model/reasons.ts'
import type { Finding } from '../model/refusal.ts'
import { spellValidity } from './spell-time.ts'
import { nameOf, writeCertificate } from './write-certificate.ts'
import { writeRevocation, writeRevocationDemand } from './write-revocation.ts'

/** One trust folder and what those who use it demand. */
export interface ExplainedCase {
  readonly trust: TrustStore
  readonly folder: string
  readonly demand: CertificateDemand
  /** Names of the endpoints that trust the folder and demand just this. */
  readonly endpoints: readonly string[]
}

/** What was presented, before it is held against anybody's trust. */
export function writePresented(file: string, { client, offered }: ClientExplanation, now: Date): string {
  return join([
    `client certificate of ${file}`,
    ...(client === null ? ['  cannot be read'] : writeCertificate(client, now).map((line) => `  ${line}`)),
    `presented besides: ${offered.length === 0 ? 'nothing' : String(offered.length)}`,
    ...offered.map((one) => `  ${describeOffered(one)}`),
  ])
}

/** Every path that was tried in one trust folder, and what comes of it at its endpoints. */
export function writeExplanation(
  { trust, folder, demand, endpoints }: ExplainedCase,
  { paths, finding, refused }: ClientExplanation,
  { now, wasAsked }: { readonly now: Date; readonly wasAsked: boolean },
): string {
  const { policies } = demand
  const told = [finding, ...paths.map(({ broken, revocation }) => broken?.finding ?? revocation?.refused ?? null)]
  const verdicts = endpoints.length === 0 ? [`trust ${trust.name}`] : endpoints
  return join([
    `trust ${trust.name}: ${folder}`,
    `  used by: ${endpoints.join(', ') || 'no endpoint'}`,
    `  certificate policies: ${policies === null ? 'any will do' : `one of ${policies.anyOf.join(', ')}`}`,
    `  revocation: ${writeRevocationDemand(demand.revocation)}`,
    ...(finding === null ? [] : ['  no path to try', ...writeFinding(finding, '    ')]),
    ...paths.flatMap((way, index) => writeWay(way, `path ${index + 1} of ${paths.length}`, trust, now)),
    ...(wasAsked || !paths.some(isUnknown)
      ? []
      : ['  only what is held and kept was looked at; --ask asks the sources']),
    ...verdicts.flatMap((where) => writeVerdict(where, refused, told)),
  ])
}

function writeWay(way: ExplainedWay, title: string, trust: TrustStore, now: Date): readonly string[] {
  const { path, broken, revocation } = way
  const fails = broken !== null || (revocation?.refused ?? null) !== null
  const certificates = certificatesOf(path)
  const links = certificates.map((certificate, position) => ({ certificate, position })).toReversed()
  return [
    `  ${title}: ${fails ? 'fails' : 'holds'}`,
    ...links.flatMap(({ certificate, position }) => {
      const role = describeRole(certificate, position, trust)
      const line = `    ${markOf(position, broken)} ${role} ${nameOf(certificate.facts.subject)}`
      const validity = `      ${spellValidity(certificate.facts, now)}`
      return [line, validity, ...(broken?.position === position ? writeFinding(broken.finding, '      ') : [])]
    }),
    ...(revocation === null ? [] : writeRevocation(revocation).map((line) => `    ${line}`)),
    ...(revocation?.refused ? writeFinding(revocation.refused, '      ') : []),
  ]
}

/** Checked from the anchor down, so that whatever is below a break was not looked at. */
function markOf(position: number, broken: BrokenLink | null): string {
  if (broken?.position === position) return '✖'
  return broken?.stopsThere === true && position < broken.position ? '?' : '✔'
}

function describeRole({ facts }: ParsedCertificate, position: number, trust: TrustStore): string {
  if (position === 0) return 'client'
  if (trust.held.has(facts.thumbprint)) return isAnchor(facts.thumbprint, trust) ? 'anchor' : 'held intermediate'
  return 'presented intermediate'
}

function isAnchor(thumbprint: string, { anchors }: TrustStore): boolean {
  return [...anchors.values()].flat().some(({ facts }) => facts.thumbprint === thumbprint)
}

function writeFinding({ reason, message, wanted, found, detail }: Finding, indent: string): readonly string[] {
  return [
    `reason: ${reason}`,
    `what: ${message}`,
    ...(wanted === undefined ? [] : [`wanted: ${wanted}`]),
    ...(found === undefined ? [] : [`found: ${found}`]),
    ...(detail === undefined ? [] : [`detail: ${detail}`]),
    `remedy: ${reasonEntry(reason).remedy}`,
  ].map((line) => `${indent}${line}`)
}

function isUnknown({ revocation }: ExplainedWay): boolean {
  return revocation?.certificates.some(({ answer }) => answer?.status.kind === 'unknown') === true
}

/** What stands above already, at the path that it is about, is not said in full again. */
function writeVerdict(where: string, refused: Finding | null, told: readonly (Finding | null)[]): readonly string[] {
  if (refused === null) return [`✔ ${where}: accepted`]
  const isTold = told.some((finding) => finding?.reason === refused.reason && finding.found === refused.found)
  const [, ...lines] = writeFinding(refused, '  ')
  return [`✖ ${where}: refused, ${refused.reason}`, ...(isTold ? [] : lines)]
}

function describeOffered(one: Offered): string {
  return one instanceof Error ? `passed over, for it is no certificate: ${one.message}` : nameForOperator(one)
}

function join(lines: readonly string[]): string {
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}
