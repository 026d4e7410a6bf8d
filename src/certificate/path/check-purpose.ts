import { PURPOSE } from '../parse/extension-oids.ts'
import { problem, type PathCheck, type PathProblem, type PathStep } from './path-step.ts'

/**
 * RFC 5280 sections 4.2.1.3 and 4.2.1.12: the client's certificate names TLS client authentication; one above it may leave the
 * purposes out, but where it lists them it must name this one: "any purpose" does not count, as OpenSSL reads it.
 */
export const checkPurpose: PathCheck = (step) => {
  const { keyUsage, extendedKeyUsage } = step.certificate.facts
  if (step.isClient && keyUsage?.includes('digitalSignature') === false) {
    return wrongPurpose(step, 'key usage digitalSignature', `key usage ${keyUsage.join(' ')}`)
  }
  const allowed = step.isClient
    ? extendedKeyUsage?.includes(PURPOSE.clientAuth) === true
    : allowsClients(extendedKeyUsage)
  if (allowed) return null
  const found = extendedKeyUsage === null ? 'no extended key usage' : `extended key usage ${extendedKeyUsage.join(' ')}`
  return wrongPurpose(step, `extended key usage clientAuth (${PURPOSE.clientAuth})`, found)
}

function allowsClients(purposes: readonly string[] | null): boolean {
  return purposes === null || purposes.includes(PURPOSE.clientAuth)
}

function wrongPurpose(step: PathStep, wanted: string, found: string): PathProblem {
  return problem(step, {
    reason: 'client-certificate-wrong-purpose',
    message: 'is not for TLS client authentication',
    wanted,
    found,
  })
}
