import type { UpstreamAnswer, UpstreamReply } from '../model/answer.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { demandProof } from '../model/proof.ts'
import type { Finding } from '../model/refusal.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { openKept } from './kept-client.ts'
import { readRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Registry } from './registry.ts'

/**
 * Answers the reading of a client with what the identity server said when it registered it, for identity servers that cannot be asked again
 * (without RFC 7592). A client that nothing is remembered of is answered like an unknown one.
 */
export function createAnsweringFromRecord(
  registry: Pick<Registry, 'read'>,
  ring: KeyRing,
): (reserved: ReservedRegistration) => Promise<UpstreamReply> {
  const findAnswer = async ({ record: name, clientId }: ManagedClient): Promise<UpstreamAnswer | null> => {
    const text = name === null ? null : await registry.read(name)
    const record = text === null ? null : readRecord(text)
    if (record?.clientId !== clientId || record.kept === null) return null
    return (await openKept(ring, record))?.answer ?? null
  }
  return async (reserved) => {
    demandProof('reserved', reserved)
    const { managed } = reserved.approved.evidence
    try {
      const answer = managed === null ? null : await findAnswer(managed)
      return answer === null ? UNKNOWN : { ...answer, status: 200 }
    } catch (failure) {
      if (!(failure instanceof RegistryUnavailable)) throw failure
      return { kind: 'silence', sent: false, finding: { ...AWAY, detail: failure.detail } }
    }
  }
}

const UNKNOWN: UpstreamReply = { kind: 'answer', status: 401, body: null }

const AWAY: Finding = {
  reason: 'state-unavailable',
  at: 'registration',
  message: 'what is remembered of this client cannot be read at the moment',
}
