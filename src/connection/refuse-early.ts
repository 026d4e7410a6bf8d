import type { Arrival } from '../model/arrival.ts'
import type { Refusal } from '../model/refusal.ts'
import type { Connection } from './connection.ts'
import { createDecisionId } from './decision-id.ts'
import type { ListenerOptions } from './listener-options.ts'
import { sendLastAnswer } from './send-answer.ts'

/** What of a request is written down when it is not served. */
export interface UnservedRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly rawHeaders: readonly string[]
}

type RefusingOptions = Pick<ListenerOptions, 'refuseEarly' | 'onEarlyRefusal' | 'clock'>

/**
 * Refuses what never becomes an exchange, and has it written down. While another exchange runs on the connection nothing is answered: its
 * answer is the last one, and the client knows of all that came behind it that it was not served (RFC 9112 section 9.3.2).
 *
 * @param request null when it could not be read
 */
export function refuseEarly(
  connection: Connection,
  request: UnservedRequest | null,
  refusal: Refusal,
  options: RefusingOptions,
): void {
  const arrival = buildArrival(connection, request, options.clock.now())
  const answer = options.refuseEarly(refusal, arrival.decisionId)
  options.onEarlyRefusal({ arrival, refusal, answer, timings: {} })
  if (connection.busy) connection.interrupt(refusal)
  else sendLastAnswer(connection, answer, { method: arrival.method, date: arrival.receivedAt })
}

function buildArrival({ peer }: Connection, request: UnservedRequest | null, receivedAt: Date): Arrival {
  return {
    decisionId: createDecisionId(),
    receivedAt,
    peer,
    method: request?.method ?? '',
    target: request?.url ?? '',
    rawHeaders: request?.rawHeaders ?? [],
    body: noBody(),
    gone: new AbortController().signal,
  }
}

async function* noBody(): AsyncGenerator<Buffer> {
  // Nothing of the body is ever read.
}
