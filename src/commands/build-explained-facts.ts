import { tryParseCertificate } from '../certificate/parse/try-parse-certificate.ts'
import { DistinguishedNameSyntaxError } from '../distinguished-name/distinguished-name-syntax-error.ts'
import { formatPath } from '../document/key-path.ts'
import { nearestName } from '../document/nearest-name.ts'
import type { CertificateFacts } from '../model/client.ts'
import type { Fault } from '../model/fault.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Operation } from '../model/operation.ts'
import { bindParameters } from '../policy/bind-parameters.ts'
import { buildCaseFacts } from '../policy/cases/build-case-facts.ts'
import { settleCaseLookups } from '../policy/cases/settle-case-lookups.ts'
import type { CaseFacts } from '../policy/cases/cases-file-schema.ts'
import { checkCases } from '../policy/cases/check-cases.ts'
import { loadCases, type LoadedCases } from '../policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'
import type { JudgementExplanation } from '../policy/explain/explain-judgement.ts'
import type { PresentedFacts } from '../policy/judge/judge.ts'
import { lookupFinding, planLookups } from '../policy/lookup/plan-lookups.ts'
import { argumentFault, type ChosenPolicy } from './choose-policy.ts'
import { typeParameters } from './parse-parameter.ts'
import {
  isFault,
  readBody,
  readCertificate,
  readClaims,
  readStatement,
  type ExplainedBody,
} from './read-explained-facts.ts'

/** What a person has at hand of a request; whatever is left out is not there, or is as in an ordinary one. */
export interface ExplainedInput {
  readonly request?: string
  readonly certificate?: string
  readonly statement?: string
  /** Name of a case beside the policy, instead of those three. */
  readonly case?: string
  readonly operation?: Operation
  readonly client?: string
  readonly parameter: Readonly<Record<string, string>>
  readonly at?: Date
}

const NOTHING_SENT: ExplainedBody = { metadata: {}, statement: null, signed: null }

/** Gathers the facts that the policy is to judge, as its cases are gathered; `now` counts where no time is asked for. */
export async function buildExplainedFacts(
  chosen: ChosenPolicy,
  input: ExplainedInput,
  now: Date,
): Promise<PresentedFacts | readonly Fault[]> {
  const parameters = { ...chosen.parameters, ...typeParameters(chosen.policy, input.parameter) }
  const { problems } = bindParameters(chosen.policy, parameters)
  const faults = problems.map(({ parameter, wanted, found, hint }): Fault => {
    const fault = argumentFault(`--parameter ${parameter}`, wanted, found)
    return hint === undefined ? fault : { ...fault, hint }
  })
  const gathered =
    input.case === undefined
      ? await gatherInput(chosen, input, parameters, now)
      : await gatherCase(chosen, input.case, input, parameters)
  if (!Array.isArray(gathered)) return faults.length > 0 ? faults : gathered
  return [...faults, ...(gathered as readonly Fault[])]
}

async function gatherInput(
  { policy }: ChosenPolicy,
  { request, certificate, statement, client, at, operation = 'create' }: ExplainedInput,
  parameters: JsonObject,
  now: Date,
): Promise<PresentedFacts | readonly Fault[]> {
  const body = request === undefined ? NOTHING_SENT : await readBody(request, [...policy.requestClaims.keys()])
  const presented = certificate === undefined ? null : await readCertificate(certificate)
  const own =
    isFault(body) || body.statement === null ? null : readClaims(`${request ?? ''}, software_statement`, body.statement)
  const vouched = statement === undefined ? own : await readStatement(statement)
  if (isFault(body) || (presented !== null && isFault(presented)) || (vouched !== null && isFault(vouched)))
    return [body, presented, vouched].filter((one) => one !== null).filter(isFault)
  const { client_id: named } = body.metadata
  const clientId = client ?? (typeof named === 'string' ? named : undefined)
  const change: CaseFacts = {
    certificate: presented === null ? null : 'written' in presented ? presented.written : {},
    statement: vouched?.claims ?? null,
    metadata: body.metadata,
    request: requestOf(body),
    parameters,
    now: (at ?? now).toISOString(),
    ...(clientId === undefined ? {} : { clientId }),
  }
  const facts = build(certificate ?? '', () => buildCaseFacts(policy, {}, change, operation))
  if ('wanted' in facts) return [facts]
  // A merge patch takes null for a removal; what was sent is judged as it was sent.
  const sent = operation === 'create' || operation === 'update' ? body.metadata : {}
  const signature = facts.signature === null ? null : { ...facts.signature, certificate: signerOf(body) }
  const exact = { ...facts, signature, sent, claims: facts.claims === null ? null : (vouched?.claims ?? null) }
  const certified = presented !== null && 'parsed' in presented ? { ...exact, certificate: presented.parsed } : exact
  return { ...certified, failedLookups: notFetched(policy, certified) }
}

/** Marks a finding that is none: the gateway would have asked. */
export const NOT_FETCHED = 'not fetched here'

/** The judgement without findings for what the gateway would have fetched: it may grant the request. */
export function withoutUnfetched(explanation: JudgementExplanation): JudgementExplanation {
  const { verdict } = explanation
  const findings = verdict.findings.filter(({ detail }) => detail !== NOT_FETCHED)
  return { ...explanation, verdict: { ...verdict, findings } }
}

/** Rules that rest on a document are not judged, where they would refuse for what is not there. */
function notFetched(policy: CompiledPolicy, facts: PresentedFacts): PresentedFacts['failedLookups'] {
  const { planned, failures } = planLookups(policy, facts)
  return [
    ...failures,
    ...planned.map(({ lookup }) => ({
      lookup: lookup.name,
      finding: { ...lookupFinding(lookup), detail: NOT_FETCHED },
    })),
  ]
}

function requestOf({ signed }: ExplainedBody): CaseFacts['request'] {
  if (signed === null) return null
  const { alg, kid, typ } = signed.header
  const header = Object.fromEntries(Object.entries({ alg, kid, typ }).filter(([, value]) => typeof value === 'string'))
  return { header, claims: signed.claims }
}

/** The first certificate of the chain in the header, as far as it can be read; whether it leads to anybody trusted is not asked. */
function signerOf({ signed }: ExplainedBody): CertificateFacts | null {
  const chain = signed?.header['x5c']
  const [first] = Array.isArray(chain) ? (chain as readonly Json[]) : []
  const parsed = typeof first === 'string' ? tryParseCertificate(Buffer.from(first, 'base64')) : null
  return parsed === null || parsed instanceof Error ? null : parsed.facts
}

async function gatherCase(
  { policy, folder }: ChosenPolicy,
  name: string,
  { operation, at }: ExplainedInput,
  parameters: JsonObject,
): Promise<PresentedFacts | readonly Fault[]> {
  const { loaded, faults } = await loadCases(folder)
  if (loaded === null) return faults
  const { given, approve, reject } = loaded.cases
  const found = [...approve, ...reject].find((one) => one.name === name)
  if (found === undefined) {
    const names = [...approve, ...reject].map((one) => one.name)
    const near = nearestName(name, names)
    const fault = argumentFault('--case', `the name of a case of ${loaded.file}`, name)
    return [near === null ? fault : { ...fault, hint: `did you mean ${near}?` }]
  }
  const wrong = faultsOfCase(policy, loaded, name)
  if (wrong.length > 0) return wrong
  const change: CaseFacts = {
    ...found,
    parameters: { ...found.parameters, ...parameters },
    ...(at === undefined ? {} : { now: at.toISOString() }),
  }
  const facts = build(loaded.file, () => buildCaseFacts(policy, given, change, operation ?? found.on?.[0] ?? 'create'))
  return 'wanted' in facts ? [facts] : settleCaseLookups(policy, facts)
}

/** Those of the case and of what it changes: a misspelt name would be explained as if it were not there. */
function faultsOfCase(policy: CompiledPolicy, loaded: LoadedCases, name: string): readonly Fault[] {
  const { approve, reject } = loaded.cases
  const isNamed = (one: { readonly name: string }): boolean => one.name === name
  const at = approve.some(isNamed)
    ? formatPath(['approve', approve.findIndex(isNamed)])
    : formatPath(['reject', reject.findIndex(isNamed)])
  return checkCases(policy, loaded).filter(({ path }) => path.startsWith('given.') || path.startsWith(`${at}.`))
}

function build(file: string, make: () => PresentedFacts): PresentedFacts | Fault {
  try {
    return make()
  } catch (failure) {
    if (!(failure instanceof DistinguishedNameSyntaxError) && !(failure instanceof RangeError)) throw failure
    return { file, line: 0, column: 0, path: '', wanted: 'facts that can be judged', found: failure.message }
  }
}
