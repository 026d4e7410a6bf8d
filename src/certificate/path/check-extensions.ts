import { EXTENSION } from '../parse/extension-oids.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { problem, type PathCheck } from './path-step.ts'

/** Extensions that path validation obeys, and those that forbid nothing or speak of where to learn of a revocation. */
const OBEYED: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
  EXTENSION.crlDistributionPoints,
  EXTENSION.freshestCrl,
  EXTENSION.authorityInfoAccess,
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

function findNotObeyed({ extensions }: ParsedCertificate): string | undefined {
  for (const [oid, { critical }] of extensions) if (critical && !OBEYED.has(oid)) return oid
  return undefined
}
