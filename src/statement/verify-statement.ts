import { createHash } from 'node:crypto'
import type { JsonLimits } from '../json/parse-strict-json.ts'
import type { Directory, StatementDemand } from '../model/policy.ts'
import { prove } from '../model/proof.ts'
import { Refusal, refuse, type Finding } from '../model/refusal.ts'
import type { RegistrationRequest } from '../model/registration-request.ts'
import type { StatementFacts, VerifiedStatement } from '../model/statement.ts'
import { checkClaims, checkIssuer, isNumericDate } from './check-claims.ts'
import { checkHeader } from './check-header.ts'
import type { DirectoryKeys } from './directory-keys.ts'
import { parseStatement, type UnverifiedStatement } from './parse-statement.ts'
import type { KeyReference } from './select-key.ts'
import { isSignatureAlgorithm } from './signature-algorithms.ts'
import { verifyByDirectory } from './verify-by-directory.ts'

export interface StatementVerificationOptions {
  readonly demand: StatementDemand
  /** Null where the operator pinned none: then no statement can be trusted. */
  readonly directory: Directory | null
  readonly keys: Pick<DirectoryKeys, 'find' | 'findReplacement'> | null
  readonly jsonLimits: JsonLimits
}

type VerifyStatement = (request: RegistrationRequest, now: Date) => Promise<VerifiedStatement | null>

/** The stage: who vouches for this software? @throws TypeError for an algorithm that could never be safe, whatever the policy says */
export function createStatementVerification(options: StatementVerificationOptions): VerifyStatement {
  const { demand, directory, keys, jsonLimits } = options
  const unsafe = demand.algorithms.find((algorithm) => !isSignatureAlgorithm(algorithm))
  if (unsafe !== undefined) throw new TypeError(`software statements cannot be verified with ${unsafe}`)
  return async (request, now) => {
    const compact = presentedStatement(request, demand)
    if (compact === null) return null
    if (directory === null || keys === null) throw nobodyTrusted()
    const { issuers } = directory
    const statement = parseStatement(compact, jsonLimits)
    const reference = checkHeader(statement.header, demand.algorithms)
    // The issuer is not verified yet, and nothing but a refusal may rest on it: whoever names a trusted issuer gains nothing, for the
    // keys are the pinned directory's whatever the statement says; whoever names another would be refused below for a worse reason.
    throwFindings(checkIssuer(statement.claims, issuers))
    await verifyByDirectory(statement, reference, keys, demand.algorithms)
    throwFindings(checkClaims(statement.claims, { ...demand, issuers }, now))
    return prove('statement', gatherFacts(statement, reference))
  }
}

function presentedStatement(
  { operation, softwareStatement }: RegistrationRequest,
  demand: StatementDemand,
): string | null {
  const mode = demand.mode[operation]
  const at = 'software_statement'
  if (softwareStatement === null && mode === 'required')
    throw refuse({
      reason: 'statement-required',
      at,
      message: 'a software statement is required',
      wanted: 'a string',
      found: 'nothing',
    })
  if (softwareStatement !== null && mode === 'forbidden')
    throw refuse({
      reason: 'statement-forbidden',
      at,
      message: 'a software statement must not be sent here',
      wanted: 'nothing',
    })
  return softwareStatement
}

function nobodyTrusted(): Refusal {
  const message = 'no directory is trusted here, so no software statement can be'
  return refuse({ reason: 'statement-issuer-untrusted', at: 'software_statement', message })
}

function throwFindings([first, ...others]: readonly Finding[]): void {
  if (first !== undefined) throw new Refusal([first, ...others])
}

function gatherFacts({ claims, compact }: UnverifiedStatement, { algorithm, keyId }: KeyReference): StatementFacts {
  const { iss, iat } = claims
  return {
    ...{ issuer: typeof iss === 'string' ? iss : '', keyId, algorithm, claims },
    issuedAt: isNumericDate(iat) ? new Date(iat * 1000) : null,
    sha256: createHash('sha256').update(compact).digest('base64url'),
  }
}
