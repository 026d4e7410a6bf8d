import type { CertificateDemand } from '../model/policy.ts'
import { Refusal, type Finding } from '../model/refusal.ts'
import { explainPresented, type ExplainedPath, type ExplainedPresentation } from './explain-presented.ts'
import { createClientIdentification } from './identify-client.ts'
import { pathInputsOf } from './path/path-inputs.ts'
import { checkRevocation, type RevocationVerdict } from './revocation/check-revocation.ts'
import type { RevocationSources } from './revocation/store/revocation-store.ts'
import type { TrustStore } from './trust/trust-store.ts'

/** A client that is asked about, and what it would be held against. */
export interface ClientQuestion {
  /** DER, the client's own certificate first. */
  readonly presented: readonly [Buffer, ...Buffer[]]
  readonly trust: TrustStore
  readonly demand: CertificateDemand
  readonly presentedLimit: number
  /** What is known of revocation, the CRLs of the trust folder included. */
  readonly revocation: RevocationSources
  readonly now: Date
}

export interface ExplainedWay extends ExplainedPath {
  /** Null where something else is wrong with the path already, or the policy does not ask. */
  readonly revocation: RevocationVerdict | null
}

export interface ClientExplanation extends Omit<ExplainedPresentation, 'paths'> {
  readonly paths: readonly ExplainedWay[]
  /** What the gateway itself would say, the comparison with OpenSSL's verdict aside; null when it would go on. */
  readonly refused: Finding | null
}

/** All that is tried for a client and what comes of it. The verdict is that of the very stage which identifies clients. */
export async function explainClient(question: ClientQuestion): Promise<ClientExplanation> {
  const { presented, trust, demand, now } = question
  const [own, ...others] = presented
  const refused = await judge(question)
  const presentation = explainPresented(own, others, trust, { inputs: pathInputsOf(demand.policies), now })
  const paths: ExplainedWay[] = []
  for (const explained of presentation.paths)
    paths.push({ ...explained, revocation: await revocationOf(explained, question) })
  return { ...presentation, paths, refused }
}

async function judge({ presented, revocation, now, ...options }: ClientQuestion): Promise<Finding | null> {
  const identify = createClientIdentification({
    demand: options.demand,
    trust: () => options.trust,
    presentedLimit: options.presentedLimit,
    revocation: () => revocation,
    trustEdition: () => null,
    soleTrust: false,
    onDisagreement: () => undefined,
  })
  try {
    await identify({ address: '', tlsVersion: '', serverName: null, presented, openssl: null }, now)
    return null
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0]
    throw failure
  }
}

async function revocationOf(
  { path, broken }: ExplainedPath,
  { demand, revocation, now }: ClientQuestion,
): Promise<RevocationVerdict | null> {
  return broken !== null || demand.revocation === null
    ? null
    : checkRevocation(path, demand.revocation, revocation, now)
}
