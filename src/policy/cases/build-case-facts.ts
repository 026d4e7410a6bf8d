import { encodeText } from '../../distinguished-name/encode-text.ts'
import { organizationIdentifierOf } from '../../distinguished-name/organization-identifier.ts'
import { parseDistinguishedName } from '../../distinguished-name/parse-distinguished-name.ts'
import type { CertificateFacts, SubjectAltNames } from '../../model/client.ts'
import type { JsonObject } from '../../model/json.ts'
import { carriesMetadata, type Operation } from '../../model/operation.ts'
import { bindParameters } from '../bind-parameters.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { buildQualifiedStatements } from './build-qualified-statements.ts'
import type { CaseCertificate, CaseFacts } from './cases-file-schema.ts'
import { mergeObjects } from './merge-patch.ts'

const DEFAULT_NOW = '2026-01-01T12:00:00Z'

/** Facts of one case: what is given, with the case's changes merged in. @throws DistinguishedNameSyntaxError, or when a parameter is wrong */
export function buildCaseFacts(
  policy: CompiledPolicy,
  given: CaseFacts,
  change: CaseFacts,
  operation: Operation,
): PresentedFacts {
  const { values, problems } = bindParameters(policy, mergeObjects(given.parameters, change.parameters))
  if (problems[0] !== undefined)
    throw new RangeError(
      `parameters.${problems[0].parameter}: wanted ${problems[0].wanted}, found ${problems[0].found}`,
    )
  return {
    operation,
    clientId: operation === 'create' ? '' : (change.clientId ?? given.clientId ?? 'client-1'),
    headers: { ...given.headers, ...change.headers },
    certificate: certificateOf(given.certificate, change.certificate),
    claims: carriesMetadata(operation) ? mergedOrNone(given.statement, change.statement) : null,
    sent: carriesMetadata(operation) ? mergeObjects(given.metadata, change.metadata) : {},
    lookups: mergeObjects(given.lookups, change.lookups),
    failedLookups: [],
    server: mergedOrNone(given.server, change.server),
    parameters: values,
    now: new Date(change.now ?? given.now ?? DEFAULT_NOW),
  }
}

/** `null` means none at all. */
function mergedOrNone(given: JsonObject | null | undefined, change: JsonObject | null | undefined): JsonObject | null {
  if (change === null) return null
  if (change === undefined) return given ?? null
  return mergeObjects(given ?? {}, change)
}

function certificateOf(
  given: CaseCertificate | null | undefined,
  change: CaseCertificate | null | undefined,
): CertificateFacts | null {
  if (change === null || (change === undefined && (given ?? null) === null)) return null
  return factsOf(mergeObjects((given ?? {}) as JsonObject, (change ?? {}) as JsonObject))
}

function factsOf(data: CaseCertificate): CertificateFacts {
  const { type = 'rsa', bits = 2048, curve } = data.publicKey ?? {}
  const subject = parseDistinguishedName(data.subject ?? 'CN=client')
  return {
    subject,
    issuer: parseDistinguishedName(data.issuer ?? 'CN=issuer'),
    organizationIdentifier: organizationIdentifierOf(subject),
    serialNumber: data.serialNumber ?? '1',
    notBefore: new Date(data.notBefore ?? '2020-01-01T00:00:00Z'),
    notAfter: new Date(data.notAfter ?? '2040-01-01T00:00:00Z'),
    subjectAltNames: alternativesOf(data.subjectAltNames ?? {}),
    keyUsage: data.keyUsage ?? ['digitalSignature'],
    extendedKeyUsage: data.extendedKeyUsage ?? ['1.3.6.1.5.5.7.3.2'],
    policies: data.policies ?? [],
    qualified: buildQualifiedStatements(data.qualified ?? {}),
    publicKey: { type, bits, ...(curve === undefined ? {} : { curve }) },
    thumbprint: data.thumbprint ?? 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2',
  }
}

function alternativesOf(data: NonNullable<CaseCertificate['subjectAltNames']>): SubjectAltNames {
  const { dns = [], uri = [], ip = [], email = [], otherName = {}, directoryName = [] } = data
  return {
    ...{ dns, uri, ip, email },
    otherName: Object.entries(otherName).flatMap(([type, texts]) =>
      texts.map((text) => ({ type, value: text, der: encodeText(text).der })),
    ),
    directoryName: directoryName.map(parseDistinguishedName),
  }
}
