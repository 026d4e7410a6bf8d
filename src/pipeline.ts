import type { Answer } from './model/answer.ts'
import type { Arrival } from './model/arrival.ts'
import type { Clock } from './model/clock.ts'
import { Refusal, refuse } from './model/refusal.ts'
import type { CommonStages } from './model/stages.ts'
import { Trace } from './model/trace.ts'

/** One exchange from end to end: each stage takes what earlier ones proved and adds to it; nothing flows back. */
export async function handleExchange(common: CommonStages, clock: Clock, arrival: Arrival): Promise<Answer> {
  const trace = new Trace(arrival, clock)
  let refusal: Refusal | undefined
  let answer: Answer
  try {
    await common.limitAddress(arrival.peer)
    const place = trace.among(common.select(arrival))
    const route = trace.note('route', place.route(arrival))
    const approach = trace.among(await place.narrow(arrival, route))
    const client = trace.note('client', await approach.identify(arrival.peer, arrival.receivedAt))
    await approach.limitClient(client, arrival.receivedAt)
    const request = trace.note('request', await approach.read(arrival, route))
    const stages = trace.among(approach.choose(request))
    const managed = trace.note('managed', await stages.recognise(request, client, arrival.receivedAt))
    const statement = trace.note('statement', await stages.verifyStatement(request, arrival.receivedAt))
    const verified = trace.note('verified', await stages.verifyRequest(request, statement, arrival.receivedAt))
    const evidence = { request: verified, client, statement, managed }
    const lookups = trace.note('lookups', await stages.lookUp(evidence, arrival.receivedAt))
    const approved = trace.note('approved', stages.decide({ ...evidence, lookups }, arrival.receivedAt))
    const reserved = trace.note('reserved', await stages.reserve(approved, arrival.decisionId))
    const reply = trace.note('reply', await stages.forward(reserved, arrival.decisionId, arrival.gone))
    const bound = await stages.bind(reply, reserved)
    await stages.commit(reserved, reply, bound)
    answer = stages.rewrite(bound, approved, arrival.decisionId)
    answer = { ...answer, onLost: () => void stages.undelivered(reserved) }
  } catch (failure) {
    refusal = asRefusal(failure).wordedAs(trace.reasons)
    answer = (trace.refuse ?? common.refuse)(refusal, arrival.decisionId)
  }
  common.record(trace.finish(answer, refusal))
  return answer
}

/** Whatever a stage did not foresee is refused (fail closed); its message goes to the operator only. */
function asRefusal(failure: unknown): Refusal {
  if (failure instanceof Refusal) return failure
  return refuse({ reason: 'internal-error', at: 'gateway', message: 'the gateway failed' }, failure)
}
