import { EXTENSION } from '../../parse/extension-oids.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { isStrong } from '../../path/check-public-key.ts'
import type { IssuedCertificate } from '../revocation-status.ts'
import { findUnknownCritical } from './find-unknown-critical.ts'
import { OCSP } from './ocsp-oids.ts'
import type { ResponderRules } from './responder-rules.ts'
import { signedBy } from './signed-by.ts'

/** Obeyed below, or without a bearing on who may sign answers. */
const KNOWN: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.certificatePolicies,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  OCSP.noCheck,
])

/**
 * Whether the issuer in question itself appointed this responder (RFC 6960 section 4.2.2.2): issued directly by its key, since a sibling or
 * a subordinate authority would otherwise speak for it, and for exactly this purpose. Null when it did, else why not.
 */
export function checkDelegate(
  delegate: ParsedCertificate,
  link: IssuedCertificate,
  rules: ResponderRules,
): string | null {
  const { facts, issuerKey, extensions } = delegate
  if (issuerKey !== link.issuer.subjectKey || !signedBy(delegate, link.issuer))
    return 'the responder certificate was not issued by the issuer of the certificate in question'
  // Any purpose is not enough: an authority must mean it before its client certificates can say who is revoked.
  if (facts.extendedKeyUsage?.includes(OCSP.signing) !== true)
    return 'the responder certificate is not for signing OCSP answers'
  if (facts.keyUsage?.includes('digitalSignature') === false) return 'the responder certificate is not for signatures'
  if (rules.now < facts.notBefore || rules.now > facts.notAfter) return 'the responder certificate is not valid now'
  if (!isStrong(facts.publicKey)) return 'the responder certificate has a weak or unknown key'
  if (findUnknownCritical(extensions, KNOWN) !== null)
    return 'the responder certificate has a critical extension that is not supported'
  return checkRevocation({ certificate: delegate, issuer: link.issuer }, rules)
}

/**
 * Whoever stole a responder's key could answer good for ever if nobody asked about the responder. Its issuer can waive that
 * (`id-pkix-ocsp-nocheck`, RFC 6960 section 4.2.2.2.1); where it did not, another source must know it as good. OCSP is not asked again, or the
 * thief would answer for himself. An operator who cannot have either configures the responder certificate.
 */
function checkRevocation(delegate: IssuedCertificate, { delegateStatus }: ResponderRules): string | null {
  if (delegate.certificate.extensions.has(OCSP.noCheck)) return null
  const status = delegateStatus?.(delegate)
  if (status?.kind === 'good' && status.source !== 'ocsp') return null
  return status?.kind === 'revoked'
    ? 'the responder certificate is revoked'
    : 'the responder certificate may be revoked: it does not waive the check, and no CRL calls it good'
}
