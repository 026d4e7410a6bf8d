import type { Peer } from '../model/arrival.ts'
import type { Reason } from '../model/reasons.ts'
import { Refusal, refuse } from '../model/refusal.ts'
import type { Stages } from '../model/stages.ts'

/** Endpoints with one and the same identification. */
type Acquaintance = readonly [Stages, ...Stages[]]

/** What became of a certificate at one of them; `refusal` is null where it was accepted. */
interface Verdict {
  readonly at: Acquaintance
  readonly refusal: Refusal | null
}

/** Said where no path leads to the trusted issuers: the certificate is none of theirs, and what it is to others is for them to say. */
const STRANGER: ReadonlySet<Reason> = new Set<Reason>([
  'client-certificate-required',
  'client-certificate-issuer-unknown',
  'client-certificate-signature-invalid',
])

/**
 * The endpoints to whose trusted issuers the client's certificate leads; they identify the client for good, and refuse it in their own
 * words. Whoever is known to one of them is not taken by another: a certificate that was revoked, or has expired, under a strict policy
 * must not fall through to a laxer one.
 *
 * @throws Refusal of those that came closest where no single one knows it, and `client-certificate-ambiguous` where two know it and one
 *   accepts it: certificates of authorities across schemes, which nobody can see in the trust folders, make it so
 */
export async function recogniseCertificate(
  endpoints: readonly [Stages, ...Stages[]],
  peer: Peer,
  now: Date,
): Promise<Acquaintance> {
  const groups = groupByIdentification(endpoints)
  if (groups.length === 1) return endpoints
  const verdicts: Verdict[] = []
  for (const at of groups) verdicts.push({ at, refusal: await refusalAt(at, peer, now) })
  const known = verdicts.filter(({ refusal }) => refusal === null || !isStranger(refusal))
  const [only, ...others] = known
  if (only !== undefined && others.length === 0) return only.at
  throw known.some(({ refusal }) => refusal === null) ? ambiguous(known) : closest(known.length > 0 ? known : verdicts)
}

function groupByIdentification(endpoints: readonly Stages[]): readonly Acquaintance[] {
  const groups = new Map<Stages['identify'], [Stages, ...Stages[]]>()
  for (const stages of endpoints) {
    const group = groups.get(stages.identify)
    if (group === undefined) groups.set(stages.identify, [stages])
    else group.push(stages)
  }
  return [...groups.values()]
}

async function refusalAt([{ identify }]: Acquaintance, peer: Peer, now: Date): Promise<Refusal | null> {
  try {
    await identify(peer, now)
    return null
  } catch (failure) {
    if (failure instanceof Refusal) return failure
    throw failure
  }
}

function isStranger({ findings: [{ reason }] }: Refusal): boolean {
  return STRANGER.has(reason)
}

/** Where nobody accepts it: an issuer of the right name with another key is closer than none. */
function closest(verdicts: readonly Verdict[]): Refusal {
  const refusals = verdicts.flatMap(({ refusal }) => refusal ?? [])
  const named = refusals.find(({ findings: [{ reason }] }) => reason === 'client-certificate-signature-invalid')
  const refusal = named ?? refusals[0]
  if (refusal === undefined) throw new Error('nobody refused')
  return refusal
}

function ambiguous(known: readonly Verdict[]): Refusal {
  const names = known.flatMap(({ at }) => at.map(({ endpoint }) => endpoint.name))
  return refuse({
    reason: 'client-certificate-ambiguous',
    at: 'client certificate',
    message: 'the client certificate leads to the trusted issuers of several policies',
    wanted: 'a certificate that the issuers of one policy alone vouch for',
    detail: `endpoints ${names.join(', ')}`,
  })
}
