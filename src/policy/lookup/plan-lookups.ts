import { carriesMetadata } from '../../model/operation.ts'
import type { LookupFailure } from '../../model/lookups.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledLookup, CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { buildActivation } from '../judge/build-activation.ts'
import { classifyCertificate } from '../judge/classify-certificate.ts'
import { checkClaims, checkMembers } from '../judge/check-members.ts'
import { describeFailure } from '../judge/describe-failure.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { openOptional } from '../judge/read-result.ts'
import { describeLookupType } from './lookup-type.ts'

/** What must be known before a decision about these facts, and where to ask. */
export interface PlannedLookup {
  readonly lookup: CompiledLookup
  readonly url: string
}

/** Which documents a registration needs; none for reads and deletes, nor where an address has no value. */
export function planLookups(
  policy: CompiledPolicy,
  presented: PresentedFacts,
): { readonly planned: readonly PlannedLookup[]; readonly failures: readonly LookupFailure[] } {
  if (policy.lookups.length === 0 || !carriesMetadata(presented.operation)) return { planned: [], failures: [] }
  const activation = activationOf(policy, presented)
  const planned: PlannedLookup[] = []
  const failures: LookupFailure[] = []
  for (const lookup of policy.lookups) {
    try {
      const url = openOptional(lookup.url.evaluate(activation))
      if (url === undefined) continue
      if (typeof url !== 'string') throw new TypeError('the address is no text')
      planned.push({ lookup, url })
    } catch (failure) {
      const detail = `the address failed: ${describeFailure(failure)}`
      failures.push({ lookup: lookup.name, finding: { ...lookupFinding(lookup), detail } })
    }
  }
  return { planned, failures }
}

/** Ill-typed members and claims are absent here: they have findings of their own in the decision. */
function activationOf(policy: CompiledPolicy, presented: PresentedFacts): Activation {
  const claims = checkClaims(presented.claims ?? {}, policy.claims)
  const sent = checkMembers(presented.sent, policy.members, policy.refusesUnknownMembers)
  return buildActivation(policy, {
    ...presented,
    certificateClass: classifyCertificate(policy, presented).certificateClass,
    claims: presented.claims === null ? null : claims.members,
    requested: sent.members,
    translations: sent.translations,
  })
}

/** That a document could not be had, by whatever the registrant can do about it. */
export function lookupFinding({ at, clause, error, type }: CompiledLookup): Finding {
  return {
    reason: 'lookup-failed',
    at,
    message: `the document that ${at} leads to could not be fetched, or is not what it must be`,
    wanted: `${describeLookupType(type)} with status 200 and without a redirect, from a host that is accepted here`,
    ...(clause === null ? {} : { clause }),
    ...(error === null ? {} : { error }),
  }
}
