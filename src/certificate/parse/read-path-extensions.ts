import { EXTENSION } from './extension-oids.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import { readAuthorityInfoAccess } from './read-authority-info-access.ts'
import { readCrlDistributionPoints } from './read-crl-distribution-points.ts'
import { readIfPresent, type Extension } from './read-extensions.ts'
import { readNameConstraints } from './read-name-constraints.ts'
import { readInhibitAnyPolicy, readPolicyConstraints, readPolicyMappings } from './read-policy-extensions.ts'
import { readAlternativeNames } from './read-subject-alt-names.ts'

type PathExtensions = Pick<
  ParsedCertificate,
  | 'alternativeNames'
  | 'nameConstraints'
  | 'policyMappings'
  | 'requireExplicitPolicy'
  | 'inhibitPolicyMapping'
  | 'inhibitAnyPolicy'
  | 'crlDistributionPoints'
  | 'ocspUrls'
  | 'caIssuersUrls'
>

/** What binds the certificates below, and where to ask for their revocation. @throws DerSyntaxError */
export function readPathExtensions(extensions: ReadonlyMap<string, Extension>): PathExtensions {
  return {
    alternativeNames: readIfPresent(extensions, EXTENSION.subjectAltName, readAlternativeNames) ?? [],
    nameConstraints: readIfPresent(extensions, EXTENSION.nameConstraints, readNameConstraints),
    policyMappings: readIfPresent(extensions, EXTENSION.policyMappings, readPolicyMappings) ?? [],
    ...(readIfPresent(extensions, EXTENSION.policyConstraints, readPolicyConstraints) ?? NO_POLICY_CONSTRAINTS),
    inhibitAnyPolicy: readIfPresent(extensions, EXTENSION.inhibitAnyPolicy, readInhibitAnyPolicy),
    crlDistributionPoints: readIfPresent(extensions, EXTENSION.crlDistributionPoints, readCrlDistributionPoints) ?? [],
    ...(readIfPresent(extensions, EXTENSION.authorityInfoAccess, readAuthorityInfoAccess) ?? NO_ACCESS),
  }
}

const NO_POLICY_CONSTRAINTS = { requireExplicitPolicy: null, inhibitPolicyMapping: null }
const NO_ACCESS = { ocspUrls: [], caIssuersUrls: [] }
