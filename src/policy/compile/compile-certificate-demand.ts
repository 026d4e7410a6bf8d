import { matchingKey } from '../../distinguished-name/match-distinguished-names.ts'
import { parseDistinguishedName } from '../../distinguished-name/parse-distinguished-name.ts'
import { DistinguishedNameSyntaxError } from '../../distinguished-name/distinguished-name-syntax-error.ts'
import type { DistinguishedName } from '../../distinguished-name/distinguished-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { CertificateDemand, CertificatePolicyDemand, RevocationDemand } from '../../model/policy.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'
import { faultAt, type ResolvedPolicy } from './resolve-inheritance.ts'

type Section = NonNullable<PolicyFileContent['clientCertificate']>

/** What a policy and those it extends demand of client certificates, key by key; where none speaks a certificate is demanded, and no more. */
export function compileCertificateDemand({ chain, own }: ResolvedPolicy, faults: Fault[]): CertificateDemand {
  const sections = chain.map((file) => file.content.clientCertificate ?? {})
  const { required = true, certificatePolicies, revocation } = Object.assign({}, ...sections) as Section
  const note = (path: readonly (string | number)[], wanted: string, found: string): void => {
    const source = chain.findLast((file) => file.content.clientCertificate?.revocation !== undefined) ?? own
    faults.push(faultAt(source, ['clientCertificate', 'revocation', ...path], wanted, found))
  }
  return {
    required,
    policies: certificatePolicies === undefined ? null : compileCertificatePolicies(certificatePolicies),
    revocation: revocation === undefined ? null : compileRevocation(revocation, note),
  }
}

function compileCertificatePolicies({
  anyOf,
  inhibitMapping = false,
  inhibitAnyPolicy = false,
}: NonNullable<Section['certificatePolicies']>): CertificatePolicyDemand {
  return { anyOf, inhibitMapping, inhibitAnyPolicy }
}

type Note = (path: readonly (string | number)[], wanted: string, found: string) => void

function compileRevocation(
  { check, unknown = 'refuse', lastGoodHoldsSeconds = 0, issuers = [] }: NonNullable<Section['revocation']>,
  note: Note,
): RevocationDemand {
  if (new Set(check).size < check.length) note(['check'], 'ocsp and crl, each once', check.join(', '))
  const exceptions = issuers.flatMap(({ name, unknown: ofIssuer }, index) => {
    const parsed = parseName(name)
    if (parsed === null)
      note(['issuers', index, 'name'], 'a distinguished name such as CN=Issuing CA,O=Scheme,C=BR', name)
    return parsed === null ? [] : [{ issuerKey: matchingKey(parsed), unknown: ofIssuer }]
  })
  return { check, unknown, lastGoodHoldsSeconds, issuers: exceptions }
}

function parseName(text: string): DistinguishedName | null {
  try {
    return parseDistinguishedName(text)
  } catch (failure) {
    if (failure instanceof DistinguishedNameSyntaxError) return null
    throw failure
  }
}
