import { createHash } from 'node:crypto'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { isStrong } from '../../path/check-public-key.ts'
import type { IssuedCertificate } from '../revocation-status.ts'
import { checkDelegate } from './check-delegate.ts'
import type { BasicOcspResponse, ResponderId } from './parsed-ocsp-response.ts'
import { publicKeyBits } from './public-key-bits.ts'
import type { ResponderRules } from './responder-rules.ts'
import { signedBy } from './signed-by.ts'

interface Candidate {
  readonly certificate: ParsedCertificate
  /** Why this one may not speak for the issuer; null when it may. */
  readonly check: () => string | null
}

/**
 * Whether the answer was signed by one of those who may (RFC 6960 section 4.2.2.2): the issuer itself, its delegate or a responder of
 * the operator. Null when it was, else why not.
 */
export function checkResponder(
  response: BasicOcspResponse,
  link: IssuedCertificate,
  rules: ResponderRules,
): string | null {
  if (response.signatureAlgorithm.scheme === null) return 'the answer is signed with a weak or unknown algorithm'
  const named = candidates(response, link, rules).filter(({ certificate }) =>
    isNamed(certificate, response.responderId),
  )
  let why: string | null = null
  for (const { certificate, check } of named) {
    const problem = check() ?? (signedBy(response, certificate) ? null : 'the answer was not signed by its responder')
    if (problem === null) return null
    why ??= problem
  }
  return why ?? 'the answer names a responder whose certificate is not known'
}

/** At most the issuer, what the operator configured and the few certificates that an answer may carry. */
function candidates(
  { certificates }: BasicOcspResponse,
  link: IssuedCertificate,
  rules: ResponderRules,
): readonly Candidate[] {
  return [
    { certificate: link.issuer, check: () => null },
    ...rules.extraResponders.map((certificate) => ({ certificate, check: () => checkConfigured(certificate, rules) })),
    ...certificates().map((certificate) => ({ certificate, check: () => checkDelegate(certificate, link, rules) })),
  ]
}

/** The operator's word stands for issuer and purpose, not for a key that has had its time. */
function checkConfigured({ facts }: ParsedCertificate, { now }: ResponderRules): string | null {
  if (now < facts.notBefore || now > facts.notAfter) return 'the configured responder certificate is not valid now'
  return isStrong(facts.publicKey) ? null : 'the configured responder certificate has a weak or unknown key'
}

function isNamed(certificate: ParsedCertificate, responderId: ResponderId): boolean {
  if (responderId.kind === 'name') return certificate.subjectKey === responderId.subjectKey
  return createHash('sha1').update(publicKeyBits(certificate)).digest().equals(responderId.hash)
}
