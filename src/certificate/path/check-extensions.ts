import { EXTENSION } from '../parse/extension-oids.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { problem, type PathCheck } from './path-step.ts'

/** Extensions that one of the checks obeys, or that forbid nothing: no policy is demanded, so any will do (RFC 5280 section 6.1.1 (c)). */
const OBEYED: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.certificatePolicies,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
])

/** RFC 5280 sections 6.1.4 (o) and 6.1.5 (f): what must not be ignored and is not understood ends the path. */
export const checkExtensions: PathCheck = (step) => {
  const oid = findNotObeyed(step.certificate)
  if (oid === undefined) return null
  return problem(step, {
    reason: 'client-certificate-extension-unknown',
    message: 'has a critical extension that is not supported',
    wanted: 'no critical extension other than those of RFC 5280 that are supported',
    found: `extension ${oid}`,
  })
}

/** Name constraints bind even where their issuer forgot to mark them critical, as section 4.2.1.10 demands. */
function findNotObeyed({ extensions }: ParsedCertificate): string | undefined {
  for (const [oid, { critical }] of extensions) {
    if (oid === EXTENSION.nameConstraints || (critical && !OBEYED.has(oid))) return oid
  }
  return undefined
}
