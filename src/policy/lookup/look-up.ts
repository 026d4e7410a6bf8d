import { toFetchFailure, type FetchFailure } from '../../egress/fetch-failure.ts'
import type { LookupEvidence } from '../../model/decision.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { LookedUp, LookupOutcome, LookupSources } from '../../model/lookups.ts'
import { demandProof, prove } from '../../model/proof.ts'
import { Refusal, type Finding } from '../../model/refusal.ts'
import type { CompiledLookup, CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { presentFacts } from '../present-facts.ts'
import { findServerReaders } from './find-server-readers.ts'
import { lookupFinding, planLookups, type PlannedLookup } from './plan-lookups.ts'

/**
 * The stage: every document that the decision needs, all at the same time, so that together they take no longer than one fetch may. Whoever
 * got here has a good certificate and statement as far as the policy demands them, so a stranger cannot make the gateway fetch anything.
 *
 * @throws Refusal `lookup-unavailable` where the registrant has no part in a failure, or nothing is known of the identity server that the
 * policy would look at; any other one is told with the decision
 */
export async function lookUp(
  policy: CompiledPolicy,
  parameters: JsonObject,
  evidence: LookupEvidence,
  now: Date,
  sources: LookupSources,
): Promise<LookedUp> {
  if (evidence.client !== null) demandProof('client', evidence.client)
  if (evidence.statement !== null) demandProof('statement', evidence.statement)
  const nothing = { values: {}, failures: [], server: sources.server() }
  const presented = presentFacts(evidence, nothing, parameters, now)
  if (presented.server === null && sources.isServerDemanded) demandNoServer(policy, presented)
  const { planned, failures } = planLookups(policy, presented)
  const asked = await Promise.all(planned.map((one) => ask(one, sources)))
  const failed = asked.flatMap(({ lookup, finding }) =>
    finding === undefined ? [] : [{ lookup: lookup.name, finding }],
  )
  throwFindings(failed.map(({ finding }) => finding).filter(({ reason }) => reason === 'lookup-unavailable'))
  const found = asked.flatMap(({ lookup, value }) => (value === undefined ? [] : [[lookup.name, value] as const]))
  return prove('lookups', {
    values: Object.fromEntries(found),
    failures: [...failures, ...failed],
    server: nothing.server,
    outcomes: asked.map(({ outcome }) => outcome),
  })
}

/** A rule that is not asked because nothing is known yet would let pass what it is there to refuse. @throws Refusal */
function demandNoServer(policy: CompiledPolicy, presented: PresentedFacts): void {
  const readers = findServerReaders(policy, presented)
  if (readers.length === 0) return
  const message = 'what the identity server offers, which the decision needs, is not known at the moment'
  const detail = `nothing was had from upstream.metadataUrl yet; asked for by ${readers.join(', ')}`.slice(0, 300)
  throw new Refusal([{ reason: 'lookup-unavailable', at: 'request', message, detail }])
}

interface Asked {
  readonly lookup: CompiledLookup
  readonly value?: Json
  readonly finding?: Finding
  readonly outcome: LookupOutcome
}

async function ask({ lookup, url }: PlannedLookup, sources: LookupSources): Promise<Asked> {
  const host = hostOf(url)
  try {
    const value = await sources.fetch(lookup.name, url)
    return { lookup, value, outcome: { lookup: lookup.name, host, problem: null } }
  } catch (error) {
    const failure = toFetchFailure(error)
    const outcome = { lookup: lookup.name, host, problem: failure.problem }
    if (!lookup.refuses) return { lookup, outcome }
    return { lookup, outcome, finding: findingOf(lookup, host, failure) }
  }
}

function findingOf(lookup: CompiledLookup, host: string, failure: FetchFailure): Finding {
  const detail = `${lookup.name} from ${host}: ${failure.message}`.slice(0, 300)
  if (!isOurTrouble(lookup, failure)) return { ...lookupFinding(lookup), found: shownProblem(failure), detail }
  const message = `the document that ${lookup.at} leads to cannot be fetched at the moment`
  return { reason: 'lookup-unavailable', at: lookup.at, message, detail }
}

/**
 * An address of the registrant's own choice is his trouble; a host that the regime names, or one for which we have no place, is not. That a
 * host of his choice rests is answered as its silence is: only names that lead nowhere come to rest, those inside do not (SSRF).
 */
function isOurTrouble({ hosts }: CompiledLookup, { problem, status }: FetchFailure): boolean {
  if (problem === 'busy') return true
  if (hosts === null) return false
  if (problem === 'host-rests') return true
  return problem === 'timeout' || problem === 'unreachable' || (status !== null && (status >= 500 || status === 429))
}

/**
 * For the registrant. Whether a name leads nowhere, into the operator's own network or to somebody who keeps silent is one and the same
 * here: telling these apart would let registrants map that network (SSRF).
 */
function shownProblem({ problem, status, detail }: FetchFailure): string {
  switch (problem) {
    case 'scheme':
    case 'host-not-allowed':
      return `an address that may not be fetched: ${detail}`
    case 'status':
      return `status ${status ?? 'other than 200'}`
    case 'malformed':
      return `another document: ${detail}`.slice(0, 200)
    case 'too-large':
      return `a document of ${detail}`
    default:
      return 'no answer'
  }
}

/** Of any text: a registrant may have sent what is no address at all. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.slice(0, 255) : ''
}

function throwFindings([first, ...others]: readonly Finding[]): void {
  if (first !== undefined) throw new Refusal([first, ...others])
}
