import { createHash } from 'node:crypto'
import type { JsonLimits } from '../json/parse-strict-json.ts'
import type { CertificateFacts } from '../model/client.ts'
import type { StatementDemand } from '../model/policy.ts'
import { prove } from '../model/proof.ts'
import { Refusal, refuse, type Finding } from '../model/refusal.ts'
import type { RegistrationRequest } from '../model/registration-request.ts'
import type { StatementFacts, VerifiedStatement } from '../model/statement.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import { checkHeader } from '../signature/check-header.ts'
import { checkTimes, isNumericDate } from '../signature/check-times.ts'
import { parseJws } from '../signature/parse-jws.ts'
import type { KeyReference } from '../signature/select-key.ts'
import { showValue } from '../signature/show-value.ts'
import { isSignatureAlgorithm } from '../signature/signature-algorithms.ts'
import { chooseDirectory, type PinnedDirectory } from './choose-directory.ts'
import { nameClaims } from './name-claims.ts'
import { SOFTWARE_STATEMENT } from './statement-words.ts'

export interface StatementVerificationOptions {
  readonly demand: StatementDemand
  /** None where the operator pinned none: then no statement can be trusted. */
  readonly directories: readonly PinnedDirectory[]
  readonly jsonLimits: JsonLimits
}

type VerifyStatement = (request: RegistrationRequest, now: Date) => Promise<VerifiedStatement | null>

/** The stage: who vouches for this software? @throws TypeError for an algorithm that could never be safe, whatever the policy says */
export function createStatementVerification(options: StatementVerificationOptions): VerifyStatement {
  const { demand, directories, jsonLimits } = options
  const unsafe = demand.algorithms.find((algorithm) => !isSignatureAlgorithm(algorithm))
  if (unsafe !== undefined) throw new TypeError(`software statements cannot be verified with ${unsafe}`)
  return async (request, now) => {
    const compact = presentedStatement(request, demand)
    if (compact === null) return null
    if (directories.length === 0) throw nobodyTrusted()
    const statement = parseJws(compact, SOFTWARE_STATEMENT, jsonLimits)
    const reference = checkHeader(statement.header, demand.algorithms, SOFTWARE_STATEMENT)
    const pinned = chooseDirectory(statement.claims, directories)
    const certificate = await pinned.keys.verify(statement, reference, demand.algorithms, now)
    throwFindings([
      ...checkCertified(statement, certificate),
      ...checkTimes(statement.claims, demand, SOFTWARE_STATEMENT, now),
    ])
    return prove('statement', gatherFacts(statement, reference, pinned))
  }
}

/** Whoever has some certificate of the trusted issuers must not vouch in the name of another (UDAP Security 1.0 section 3.1, `iss`). */
function checkCertified({ claims }: UnverifiedJws, certificate: CertificateFacts | null): readonly Finding[] {
  const { iss } = claims
  const names = certificate?.subjectAltNames.uri ?? null
  if (names === null || (typeof iss === 'string' && names.includes(iss))) return []
  return [
    {
      reason: 'statement-certificate-untrusted',
      at: 'software_statement.iss',
      message: 'iss must be a URI among the alternative names of the certificate that signed the software statement',
      wanted: names.map(showValue).join(' or ').slice(0, 200) || 'a certificate with a URI among its names',
      found: showValue(iss),
    },
  ]
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

function gatherFacts(
  { claims, compact }: UnverifiedJws,
  { algorithm, keyId }: KeyReference,
  { directory }: PinnedDirectory,
): StatementFacts {
  const { iss, iat } = claims
  return {
    ...{ directory: directory.name, issuer: typeof iss === 'string' ? iss : '', keyId, algorithm },
    claims: nameClaims(claims, directory.claims),
    issuedAt: isNumericDate(iat) ? new Date(iat * 1000) : null,
    sha256: createHash('sha256').update(compact).digest('base64url'),
  }
}
