import { CLIENT_AUTH, SERVER_AUTH } from '../../../support/mint-certificates.ts'
import type { CertificateSpec } from '../../../support/write-certificate.ts'
import { der } from '../../../support/write-der.ts'
import type { ExtensionFields, ExtensionName, NameSpec } from '../../../support/write-extensions.ts'
import type { AuthorityShape, ClientShape, HierarchyShape } from './hierarchy-shape.ts'
import { alternativeNamesOf, PERMITTING_CASES, type NamedForm } from './name-constraint-cases.ts'

const ANY_POLICY = '2.5.29.32.0'
export const POLICY = '1.2.3.4.1'
/** What it is called below the intermediate that maps it. */
export const MAPPED_POLICY = '1.2.3.4.2'

const PURPOSES: Readonly<Record<AuthorityShape['purposes'], readonly string[] | null>> = {
  absent: null,
  client: [CLIENT_AUTH],
  both: [SERVER_AUTH, CLIENT_AUTH],
}

/** An extension that says nothing to anybody and need not be understood. */
export const NOTED: Pick<CertificateSpec, 'extraExtensions'> = {
  extraExtensions: [{ oid: '1.2.3.4.5.6', critical: false, value: der(0x05) }],
}

/** `renewed` for the certificate by which an authority announces its new key. */
export function authorityExtensions(
  shape: HierarchyShape,
  authority: AuthorityShape,
  level: number,
  word: string,
  renewed = false,
): ExtensionFields {
  const purposes = PURPOSES[authority.purposes]
  const below = shape.intermediates.length - level
  return {
    basicConstraints: { ca: true, ...(authority.slack === null ? {} : { pathLength: below + authority.slack }) },
    ...(authority.keyUsage === 'absent' ? {} : { keyUsage: authorityUsages(authority) }),
    ...(purposes === null ? {} : { extendedKeyUsage: purposes }),
    ...(authority.constraints.length === 0 ? {} : { nameConstraints: mergeConstraints(authority, word) }),
    ...policyExtensions(shape, authority, level, renewed),
    ...(authority.extras ? { crlUrls: ['http://crl.example/1'], ocspUrls: ['http://ocsp.example/'] } : {}),
  }
}

function authorityUsages({ keyUsage }: AuthorityShape): NonNullable<ExtensionFields['keyUsage']> {
  return keyUsage === 'all' ? ['digitalSignature', 'keyCertSign', 'cRLSign'] : ['keyCertSign']
}

function mergeConstraints({ constraints }: AuthorityShape, word: string): ExtensionFields['nameConstraints'] & object {
  const cases = constraints.map((name) => PERMITTING_CASES[name](word))
  return {
    permitted: cases.flatMap(({ permitted = [] }) => permitted),
    excluded: cases.flatMap(({ excluded = [] }) => excluded),
  }
}

function policyExtensions(
  { policies, intermediates }: HierarchyShape,
  { anyPolicy }: AuthorityShape,
  level: number,
  renewed: boolean,
): ExtensionFields {
  if (policies === null) return {}
  const mappedAt = mappingLevel(policies.mappedAt, intermediates.length)
  const maps = level === mappedAt && !renewed
  const policy = level < mappedAt || maps || level === 0 ? POLICY : MAPPED_POLICY
  return {
    policies: [anyPolicy && !maps ? ANY_POLICY : policy],
    ...(maps ? { policyMappings: [[POLICY, MAPPED_POLICY]] } : {}),
    ...(level === policies.explicitAt && level > 0 && !renewed
      ? { policyConstraints: { requireExplicitPolicy: 0 } }
      : {}),
  }
}

/** Only an intermediate can map; without one the policy keeps its name down to the client. */
function mappingLevel(wanted: number, depth: number): number {
  return wanted >= 1 && wanted <= depth ? wanted : Infinity
}

export function clientExtensions({ client, policies, intermediates }: HierarchyShape, word: string): ExtensionFields {
  const names = alternativeNames(client, word)
  const mapped = mappingLevel(policies?.mappedAt ?? 0, intermediates.length) < Infinity
  return {
    ...(client.basicConstraints ? { basicConstraints: { ca: false } } : {}),
    ...(client.keyUsage ? { keyUsage: ['digitalSignature'] } : {}),
    extendedKeyUsage: client.bothPurposes ? [SERVER_AUTH, CLIENT_AUTH] : [CLIENT_AUTH],
    ...(names.length === 0 ? {} : { alternativeNames: names }),
    ...(policies === null ? {} : { policies: [mapped ? MAPPED_POLICY : POLICY] }),
  }
}

function alternativeNames({ names }: ClientShape, word: string): readonly NameSpec[] {
  const forms: readonly NamedForm[] = ['dns', 'email', 'uri', 'ip']
  return forms.flatMap((form) => (names[form] ? alternativeNamesOf(word, form) : []))
}

/** Extensions that certificates in use have critical and not, whatever RFC 5280 says. */
export function authorityFlipped({ flipsCritical }: AuthorityShape): readonly ExtensionName[] {
  return flipsCritical
    ? ['keyUsage', 'extendedKeyUsage', 'nameConstraints', 'policies', 'policyMappings', 'crlUrls']
    : []
}

export function clientFlipped({ flipsCritical }: ClientShape): readonly ExtensionName[] {
  return flipsCritical ? ['basicConstraints', 'keyUsage', 'extendedKeyUsage', 'alternativeNames', 'policies'] : []
}
