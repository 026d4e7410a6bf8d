import type { JsonObject } from '../../model/json.ts'
import { bindClient } from '../bind-client.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts, Verdict } from '../judge/judge.ts'

/** What a case may expect under `expect.client`; `registered` is what it says that the identity server has. */
export function nameCaseClient(
  policy: CompiledPolicy,
  { parameters, now }: PresentedFacts,
  { clientKey, owner }: Verdict,
  registered: JsonObject | undefined,
): JsonObject {
  const { single, registeredOwnerOf } = bindClient(policy, parameters)
  const registeredOwner = registered === undefined ? null : (registeredOwnerOf?.(registered, now) ?? null)
  return { key: clientKey, single, owner, registered: registeredOwner }
}
