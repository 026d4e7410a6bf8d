import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../model/answer.ts'
import type { Arrival } from '../model/arrival.ts'
import { refuse } from '../model/refusal.ts'
import type { Connection } from './connection.ts'
import { createDecisionId } from './decision-id.ts'
import type { Interruption } from './interruption.ts'
import type { ListenerOptions } from './listener-options.ts'
import { isReadToEnd, streamBody } from './request-body.ts'
import { sendAnswer, sendLastAnswer } from './send-answer.ts'

/** One request that node:http could read, and where its answer goes. */
export interface Incoming {
  readonly connection: Connection
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The registrant sends the body only after `100 Continue`. */
  readonly awaitsContinue: boolean
}

type ServingOptions = Pick<ListenerOptions, 'handle' | 'refuseEarly' | 'onFault' | 'clock' | 'limits'>

/**
 * Runs one exchange from its arrival to its answer. The connection brings another request only when this one was read to its end and
 * nothing spoiled it: no byte of it can become the start of the next.
 *
 * @param mayContinue whether the listener still takes requests
 */
export async function serveExchange(
  incoming: Incoming,
  options: ServingOptions,
  mayContinue: () => boolean,
): Promise<void> {
  const { connection, request, response } = incoming
  const interruption = connection.begin()
  const watch = watchRegistrant(incoming, options.limits)
  const arrival = buildArrival(incoming, interruption, watch.gone, options.clock.now())
  const answer = await handle(arrival, options)
  watch.answered()
  const reusable = connection.finish()
  if (connection.socket.destroyed) {
    answer.onLost?.()
    return
  }
  if (reusable && isReadToEnd(request) && mayContinue()) {
    response.once('finish', () => connection.rest(options.limits.idleTimeoutMs))
    sendAnswer(response, answer)
  } else sendLastAnswer(connection, answer, { method: request.method ?? null, date: options.clock.now() })
}

async function handle(arrival: Arrival, options: ServingOptions): Promise<Answer> {
  try {
    return await options.handle(arrival)
  } catch (fault) {
    options.onFault(fault)
    const refusal = refuse({ reason: 'internal-error', at: 'gateway', message: 'the gateway failed' })
    return options.refuseEarly(refusal, arrival.decisionId)
  }
}

/** Notices when the registrant goes away, and sends him away when he does not read the answer or a stage never comes to an end. */
function watchRegistrant({ connection, response }: Incoming, limits: ServingOptions['limits']): Watch {
  const gone = new AbortController()
  let waiting = true
  const deadline = setTimeout(() => connection.socket.destroy(), limits.bodyTimeoutMs + limits.answerTimeoutMs)
  response.once('close', () => {
    clearTimeout(deadline)
    if (waiting) gone.abort()
  })
  const answered = (): void => {
    waiting = false
  }
  return { gone: gone.signal, answered }
}

interface Watch {
  readonly gone: AbortSignal
  readonly answered: () => void
}

function buildArrival(incoming: Incoming, interruption: Interruption, gone: AbortSignal, receivedAt: Date): Arrival {
  const { connection, request, response, awaitsContinue } = incoming
  const proceed = (): void => {
    if (awaitsContinue) response.writeContinue()
  }
  return {
    decisionId: createDecisionId(),
    receivedAt,
    peer: connection.peer,
    method: request.method ?? '',
    target: request.url ?? '',
    rawHeaders: request.rawHeaders,
    body: streamBody(request, interruption, proceed),
    gone,
  }
}
