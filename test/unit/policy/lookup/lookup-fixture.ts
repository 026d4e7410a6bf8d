import { FetchFailure, type FetchProblem } from '../../../../src/egress/fetch-failure.ts'
import { EgressFailure } from '../../../../src/egress/egress-failure.ts'
import type { LookupEvidence } from '../../../../src/model/decision.ts'
import type { Json, JsonObject } from '../../../../src/model/json.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { prove } from '../../../../src/model/proof.ts'
import type { VerifiedStatement } from '../../../../src/model/statement.ts'

export const NOW = new Date('2026-01-01T12:00:00Z')

/** A policy that looks up what the registrant names, and what its statement names at a host of the regime. */
export const POLICY = `
softwareStatement:
  create: optional
  update: optional
  algorithms: [PS256]
  claims: { jwks_uri: string }
members: { sector_identifier_uri: string, redirect_uris: list(string), jwks_uri: string }
parameters: { keys: { type: string, default: look, oneOf: [look, leave], meaning: m } }
lookups:
  sector: { url: requested.?sector_identifier_uri, hosts: any, type: list(string), at: sector_identifier_uri, clause: '5' }
  keys:
    url: 'parameters.keys == "look" ? statement.?jwks_uri : optional.none()'
    hosts: [keys.example, '*.keys.example']
    type: jwks
    error: invalid_software_statement
  taste: { url: requested.?jwks_uri, hosts: any, type: dyn, onFailure: absent }
rules:
  - id: in-sector
    title: t
    message: m
    when: has(requested.sector_identifier_uri)
    require: requested.redirect_uris.all(u, u in lookups.sector)
  - { id: has-encryption-key, title: t, message: m, when: has(lookups.keys), require: 'lookups.keys.exists(k, k.?use.orValue("") == "enc")' }
  - { id: no-taste, title: t, message: m, mode: report, require: '!has(lookups.taste)' }
`

export function evidenceOf(
  metadata: JsonObject,
  claims: JsonObject | null = null,
  operation: Operation = 'create',
): LookupEvidence {
  return {
    request: prove('request', {
      ...{ operation, location: null, managementToken: null, metadata, softwareStatement: null },
      ...{ contentType: 'application/json', signature: null, passedHeaders: {}, bodyBytes: 0 },
    }),
    client: null,
    statement: claims === null ? null : statementOf(claims),
    managed: null,
  }
}

function statementOf(claims: JsonObject): VerifiedStatement {
  const facts = { directory: 'd', issuer: 'i', keyId: null, algorithm: 'PS256', claims, issuedAt: null, sha256: 's' }
  return prove('statement', facts)
}

export function failure(problem: FetchProblem, status: number | null = null): FetchFailure {
  const cause = status === null ? undefined : new EgressFailure('status', String(status), undefined, { status })
  return new FetchFailure(problem, `detail of ${problem}`, cause)
}

export interface RecordedSources {
  readonly fetch: (lookup: string, url: string) => Promise<Json>
  readonly server: () => JsonObject | null
  readonly isServerDemanded: boolean
  readonly asked: readonly (readonly [string, string])[]
}

/** Answers by the name of the look-up: a value, or a failure to fail with. */
export function sourcesOf(
  answers: Readonly<Record<string, Json | FetchFailure>>,
  server?: JsonObject,
): RecordedSources {
  const asked: (readonly [string, string])[] = []
  return {
    asked,
    server: () => server ?? null,
    isServerDemanded: false,
    fetch: (lookup, url) => {
      asked.push([lookup, url])
      const answer = answers[lookup]
      if (answer === undefined) throw new Error(`nobody answers ${lookup}`)
      return answer instanceof FetchFailure ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
}
