import type { OnceDemand } from '../../model/decision.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledOnce, CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { MAX_HOLD_SECONDS } from '../schema/once-schema.ts'
import type { JudgedFacts } from './build-activation.ts'
import { describeFailure } from './describe-failure.ts'
import { namesIllTyped, type IllTyped } from './judge-rules.ts'
import { openOptional } from './read-result.ts'

export interface DemandedOnce {
  readonly demands: readonly OnceDemand[]
  readonly findings: readonly Finding[]
}

/** Past `until`, since what has expired is accepted for as long as clocks may differ (softwareStatement.clockSkewSeconds goes so far). */
const MARGIN_SECONDS = 300

/** Works out what this request would use up; whether it is still there, the registry knows, and it is asked only about what is approved. */
export function demandOnce(
  policy: CompiledPolicy,
  activation: Activation,
  facts: JudgedFacts,
  illTyped: IllTyped,
): DemandedOnce {
  const demands: OnceDemand[] = []
  const findings: Finding[] = []
  for (const entry of policy.once) {
    if (!entry.on.has(facts.operation) || namesIllTyped([entry.when, entry.key, entry.until], illTyped)) continue
    try {
      const demand = demandOf(entry, activation, facts)
      if (demand === null) continue
      if (demand.holdsMs <= (MAX_HOLD_SECONDS + MARGIN_SECONDS) * 1000) demands.push(demand)
      else findings.push({ ...findingOf(entry), reason: 'rule-broken', message: TOO_LONG })
    } catch (failure) {
      const detail = `the expression failed: ${describeFailure(failure)}`
      findings.push({ ...findingOf(entry), reason: 'rule-failed', detail })
    }
  }
  return { demands, findings }
}

/** Forgotten while the request is still good, it could be repeated. */
const TOO_LONG = `must not be valid for more than ${MAX_HOLD_SECONDS / 86_400} days, since it may be used only once`

function demandOf(entry: CompiledOnce, activation: Activation, facts: JudgedFacts): OnceDemand | null {
  if (entry.when !== null && entry.when.evaluate(activation) === false) return null
  const key = openOptional(entry.key.evaluate(activation))
  if (key === undefined) return null
  if (typeof key !== 'string') throw new TypeError('the key is no text')
  const holdsMs = Math.ceil(remainingMs(entry, activation, facts.now)) + MARGIN_SECONDS * 1000
  const directory = directoryOf(entry, facts)
  return { id: entry.id, key, directory, holdsMs, finding: { ...findingOf(entry), reason: 'used-before' } }
}

/**
 * Null where the key is made of nothing that a directory vouches for: a registrant who comes with another statement, or with none, must
 * not get a second use by it.
 */
function directoryOf({ key: { claimsNamed, requestClaimsNamed } }: CompiledOnce, facts: JudgedFacts): string | null {
  const isVouched = claimsNamed.size > 0 || requestClaimsNamed.size > 0
  return isVouched && facts.statementIssuer !== '' ? facts.statementIssuer : null
}

/** Infinity where nothing bounds it. */
function remainingMs({ until, holdsSeconds }: CompiledOnce, activation: Activation, now: Date): number {
  const end = until === null ? undefined : openOptional(until.evaluate(activation))
  if (end instanceof Date) return Math.max(0, end.getTime() - now.getTime())
  if (end !== undefined) throw new TypeError('until is no time')
  return holdsSeconds === null ? Infinity : holdsSeconds * 1000
}

function findingOf({ id, at, message, clause, error, status }: CompiledOnce): Omit<Finding, 'reason'> {
  return {
    ...{ rule: id, at, message },
    ...(clause === null ? {} : { clause }),
    ...(error === null ? {} : { error }),
    ...(status === null ? {} : { status }),
  }
}
