import type { CertificateFacts } from '../../model/client.ts'
import type { JsonObject } from '../../model/json.ts'
import { carriesMetadata, type Operation } from '../../model/operation.ts'
import { bindParameters } from '../bind-parameters.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { buildCaseCertificate } from './build-case-certificate.ts'
import type { CaseCertificate, CaseFacts, CaseRequest } from './cases-file-schema.ts'
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
  const claims = carriesMetadata(operation) ? mergedOrNone(given.statement, change.statement) : null
  const signed = signedOf(given.request, change.request, operation)
  return {
    operation,
    clientId: operation === 'create' ? '' : (change.clientId ?? given.clientId ?? 'client-1'),
    headers: { ...given.headers, ...change.headers },
    certificate: certificateOf(given.certificate, change.certificate),
    hasToken: change.token?.presented ?? given.token?.presented ?? operation !== 'create',
    claims,
    statementIssuer: claims === null ? '' : (change.statementIssuer ?? given.statementIssuer ?? firstDirectory(policy)),
    contentType: carriesMetadata(operation) ? contentTypeOf(policy, signed) : '',
    signature: signed === null ? null : signatureOf(policy, signed),
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
  return buildCaseCertificate(mergeObjects((given ?? {}) as JsonObject, (change ?? {}) as JsonObject))
}

function firstDirectory({ directories }: CompiledPolicy): string {
  return directories[0]?.name ?? 'directory'
}

function signedOf(given: CaseFacts['request'], change: CaseFacts['request'], operation: Operation): CaseRequest | null {
  if (change === null || !carriesMetadata(operation)) return null
  if (change === undefined) return given ?? null
  return mergeObjects((given ?? {}) as JsonObject, change as JsonObject)
}

function contentTypeOf({ signedRequest }: CompiledPolicy, signed: CaseRequest | null): string {
  if (signed === null) return 'application/json'
  return signed.contentType ?? signedRequest?.contentTypes[0] ?? 'application/jose'
}

function signatureOf(
  { signedRequest }: CompiledPolicy,
  { header = {}, claims = {}, certificate }: CaseRequest,
): NonNullable<PresentedFacts['signature']> {
  return {
    algorithm: header.alg ?? signedRequest?.algorithms[0] ?? 'PS256',
    keyId: header.kid ?? null,
    type: header.typ ?? null,
    claims,
    certificate: certificate === undefined ? null : buildCaseCertificate(certificate),
  }
}
