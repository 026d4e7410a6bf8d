import { carriesMetadata } from '../../model/operation.ts'
import type { SignedRequestDemand } from '../../model/policy.ts'
import { prove } from '../../model/proof.ts'
import { Refusal, refuse } from '../../model/refusal.ts'
import type { RegistrationRequest, RequestSignature, VerifiedRequest } from '../../model/registration-request.ts'
import type { VerifyChain } from '../../model/signer.ts'
import type { VerifiedStatement } from '../../model/statement.ts'
import type { UnverifiedJws } from '../../model/unverified-jws.ts'
import type { KeyReference } from '../../signature/select-key.ts'
import { isSignatureAlgorithm } from '../../signature/signature-algorithms.ts'
import { splitClaims } from '../../signature/split-claims.ts'
import { verifyByChain } from '../../signature/verify-by-chain.ts'
import { verifyByKeys } from '../../signature/verify-by-keys.ts'
import { signatureForbidden, unsigned } from '../parse-content-type.ts'
import { checkRequestClaims } from './check-request-claims.ts'
import { checkSignedHeader } from './check-signed-header.ts'
import { SIGNED_REQUEST } from './request-words.ts'
import type { SoftwareKeys } from './software-keys.ts'

export interface RequestVerificationOptions {
  /** Null where requests are never signed. */
  readonly demand: SignedRequestDemand | null
  readonly keys: Pick<SoftwareKeys, 'at'>
  /** Verifies chains to the trust folder that the demand names. */
  readonly verifyChain: VerifyChain
}

type VerifyRequest = (
  request: RegistrationRequest,
  statement: VerifiedStatement | null,
  now: Date,
) => Promise<VerifiedRequest>

/**
 * The stage: does the request come from the software it is about? The keys are those that the verified statement names, or one that a
 * trusted issuer vouches for; nothing of the request itself has a say in it. An unsigned request is what it is, where that will do.
 *
 * @throws TypeError for an algorithm that could never be safe, whatever the policy says
 */
export function createRequestVerification(options: RequestVerificationOptions): VerifyRequest {
  const { demand } = options
  const unsafe = demand?.algorithms.find((algorithm) => !isSignatureAlgorithm(algorithm))
  if (unsafe !== undefined) throw new TypeError(`requests cannot be verified with ${unsafe}`)
  return async ({ signed, ...request }, statement, now) => {
    if (signed === null) {
      // Reading refuses it by its content type already: whatever goes wrong there, it goes no further.
      if (demand?.mode[request.operation] === 'required' && carriesMetadata(request.operation))
        throw unsigned(demand.contentTypes)
      return prove('request', { ...request, signature: null })
    }
    if (demand === null || demand.mode[request.operation] === 'forbidden') throw signatureForbidden(request.contentType)
    const reference = checkSignedHeader(signed.header, demand)
    const signer = await verifySigner(signed, reference, demand, statement, now, options)
    const audience = demand.audience === null ? null : demand.audience(statement, now)
    const [first, ...others] = checkRequestClaims(signed.claims, demand, audience, now)
    if (first !== undefined) throw new Refusal([first, ...others])
    const { claims, metadata } = splitClaims(signed.claims, demand.claims)
    const { typ } = signed.header
    const type = typeof typ === 'string' ? typ : null
    return prove('request', { ...request, metadata, signature: { ...named(reference), ...signer, type, claims } })
  }
}

function named({ algorithm, keyId }: KeyReference): Pick<RequestSignature, 'algorithm' | 'keyId'> {
  return { algorithm, keyId }
}

async function verifySigner(
  signed: UnverifiedJws,
  reference: KeyReference,
  demand: SignedRequestDemand,
  statement: VerifiedStatement | null,
  now: Date,
  options: RequestVerificationOptions,
): Promise<Pick<RequestSignature, 'keysUri' | 'certificate'>> {
  const { keys } = demand
  if (keys.kind === 'chain') {
    const { certificate } = await verifyByChain(signed, reference, options.verifyChain, SIGNED_REQUEST, now)
    return { keysUri: null, certificate }
  }
  if (statement === null) throw statementRequired()
  const keysUri = keys.locate(statement, now)
  await verifyByKeys(signed, reference, options.keys.at(keysUri), demand.algorithms, SIGNED_REQUEST)
  return { keysUri, certificate: null }
}

function statementRequired(): Refusal {
  const message = 'a signed request needs a software statement, which says where its keys are'
  const wanted = 'software_statement in the signed payload'
  return refuse({ reason: 'statement-required', at: 'software_statement', message, wanted, found: 'nothing' })
}
