import type { RevocationDemand, UnknownRevocation } from '../../model/policy.ts'
import type { Finding } from '../../model/refusal.ts'
import { certificatesOf, type CertificatePath } from '../path/certificate-path.ts'
import { describeRevoked, describeUnknown } from './describe-revocation.ts'
import type { RevocationQuestion } from './store/revocation-functions.ts'
import type { IssuedCertificate } from './revocation-status.ts'
import type { RevocationAnswer, RevocationSources } from './store/revocation-store.ts'

/** What was found out about one certificate of the path. */
export interface CertificateRevocation {
  readonly link: IssuedCertificate
  readonly isClient: boolean
  /** Null when what is known of another certificate already refuses, so that nobody was asked. */
  readonly answer: RevocationAnswer | null
}

/** Every certificate below the anchor, the client's first; `refused` is null when the policy is content, with unknown ones too. */
export interface RevocationVerdict {
  readonly certificates: readonly CertificateRevocation[]
  readonly refused: Finding | null
}

/**
 * RFC 5280 section 6.1.3 (a) (3) for a verified path. At once when memory knows all, which is the rule; otherwise when those who were
 * asked have answered or their time is up. Revoked anywhere refuses, whatever else is unknown. Asked is from the anchor down: addresses
 * in a certificate are the word of its issuer, and that of a revoked one is worth no request.
 */
export function checkRevocation(
  path: CertificatePath,
  demand: RevocationDemand,
  store: RevocationSources,
  now: Date,
): RevocationVerdict | Promise<RevocationVerdict> {
  const questions = questionsOf(path, demand)
  const known = questions.map((question) => store.peek(question, now))
  const isDecided = known.some((answer) => answer?.status.kind === 'revoked') || !known.includes(null)
  if (isDecided) return judge(questions, known, demand)
  return askDownwards(questions, known, demand, store)
}

async function askDownwards(
  questions: readonly RevocationQuestion[],
  known: readonly (RevocationAnswer | null)[],
  demand: RevocationDemand,
  store: RevocationSources,
): Promise<RevocationVerdict> {
  const answers = [...known]
  for (const [index, question] of [...questions.entries()].reverse()) {
    answers[index] ??= await store.ask(question)
    const verdict = judge(questions, answers, demand)
    if (verdict.refused !== null) return verdict
  }
  return judge(questions, answers, demand)
}

function questionsOf(path: CertificatePath, demand: RevocationDemand): readonly RevocationQuestion[] {
  const certificates = certificatesOf(path)
  const { check } = demand
  const lastGoodHoldsMs = demand.lastGoodHoldsSeconds * 1000
  return certificates.flatMap((certificate, index) => {
    const issuer = certificates[index + 1]
    return issuer === undefined ? [] : [{ link: { certificate, issuer }, path, check, lastGoodHoldsMs }]
  })
}

function judge(
  questions: readonly RevocationQuestion[],
  answers: readonly (RevocationAnswer | null)[],
  demand: RevocationDemand,
): RevocationVerdict {
  const certificates = questions.map(({ link }, index) => ({
    ...{ link, isClient: index === 0, answer: answers[index] ?? null },
  }))
  return { certificates, refused: findRevoked(certificates) ?? findUnknown(certificates, demand) }
}

function findRevoked(certificates: readonly CertificateRevocation[]): Finding | null {
  for (const { link, isClient, answer } of certificates)
    if (answer?.status.kind === 'revoked') return describeRevoked(link.certificate, isClient, answer.status)
  return null
}

function findUnknown(certificates: readonly CertificateRevocation[], demand: RevocationDemand): Finding | null {
  for (const { link, isClient, answer } of certificates) {
    if (answer?.status.kind !== 'unknown') continue
    if (demandFor(link, demand) === 'refuse')
      return describeUnknown(link.certificate, isClient, answer.tried, demand.check)
  }
  return null
}

function demandFor({ certificate }: IssuedCertificate, demand: RevocationDemand): UnknownRevocation {
  const own = demand.issuers.find(({ issuerKey }) => issuerKey === certificate.issuerKey)
  return own?.unknown ?? demand.unknown
}
