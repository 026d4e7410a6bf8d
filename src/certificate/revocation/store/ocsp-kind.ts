import type { AnswerBytes, AnswerKind, Wish } from './answer-kind.ts'
import type { AnswerSpan } from './answer-span.ts'
import type { FetchGate, Urgency } from './fetch-gate.ts'
import { fetchableUrls } from './fetchable-urls.ts'
import { issuerId } from './issuer-id.ts'
import { isFinalRevocation } from './last-good-status.ts'
import { parseAnswer } from './parse-answer.ts'
import { RevocationFailure, toRevocationFailure } from './revocation-failure.ts'
import type { FetchAnswer, OcspFunctions, RevocationQuestion } from './revocation-functions.ts'
import type { RevocationStatus } from '../revocation-status.ts'
import type { StoreLimits } from './store-limits.ts'

/** A response with the nonce of its request, without which it could not be judged a second time. */
export interface OcspAnswer<Response> {
  readonly response: Response
  readonly nonce: Buffer | null
}

interface OcspKindOptions<Response> {
  readonly functions: OcspFunctions<Response>
  readonly gate: FetchGate
  readonly fetch: FetchAnswer
  readonly limits: StoreLimits
}

/** OCSP answers, one for each certificate, whichever of its responders gave it. */
export function createOcspKind<Response>(options: OcspKindOptions<Response>): AnswerKind<OcspAnswer<Response>> {
  const { functions, limits } = options
  return {
    source: 'ocsp',
    parse: ({ der, nonce }) => ({ response: parseAnswer(der, functions.parse), nonce }),
    claimedSpan: () => null,
    wishes: (question) => {
      const urls = fetchableUrls(functions.urls(question.link.certificate), limits.addresses)
      const [first] = urls
      return first === undefined ? [] : [buildWish(first, urls, question, options)]
    },
    check: (question, [answer], asAt) =>
      answer === undefined ? { kind: 'unknown', why: 'no answer' } : checkAnswer(answer, question, asAt, functions),
  }
}

function checkAnswer<Response>(
  { response, nonce }: OcspAnswer<Response>,
  question: RevocationQuestion,
  now: Date,
  functions: OcspFunctions<Response>,
): RevocationStatus {
  return functions.check(response, question, { nonce, now })
}

function buildWish<Response>(
  url: string,
  urls: readonly string[],
  question: RevocationQuestion,
  options: OcspKindOptions<Response>,
): Wish<OcspAnswer<Response>> {
  const { certificate, issuer } = question.link
  return {
    key: `${issuerId(issuer)} ${certificate.facts.serialNumber}`,
    url,
    load: (urgency) => askInTurn(urls, question, urgency, options),
    judge: (answer, asAt) => spanOf(checkAnswer(answer, question, asAt, options.functions), asAt),
    tells: (answer, asAt) => checkAnswer(answer, question, asAt, options.functions).kind !== 'unknown',
    finalRevocation: (answer, asAt) => {
      const status = checkAnswer(answer, question, asAt, options.functions)
      return isFinalRevocation(status) ? status : null
    },
  }
}

/** The first responder that answers at all; what it says is judged afterwards. @throws RevocationFailure of the last one that was asked */
async function askInTurn<Response>(
  urls: readonly string[],
  { link }: RevocationQuestion,
  urgency: () => Urgency,
  { functions, gate, fetch, limits }: OcspKindOptions<Response>,
): Promise<AnswerBytes> {
  const nonce = functions.newNonce()
  const body = functions.buildRequest(link, nonce)
  const { sizeLimitBytes } = limits.ocsp
  const types = { contentType: 'application/ocsp-request', accept: 'application/ocsp-response' }
  const owner = issuerId(link.issuer)
  let failure = new RevocationFailure('internal', 'no address')
  for (const url of urls) {
    try {
      const request = { url, method: 'POST', body, sizeLimitBytes, ...types } as const
      const errand = { host: new URL(url).host, owner }
      return { url, der: await gate.run(errand, urgency(), () => fetch(request)), nonce }
    } catch (error) {
      const latest = toRevocationFailure(error)
      // Who was asked in vain is left alone for a while; who was not must not hide that.
      if (latest.wasAsked || !failure.wasAsked || url === urls[0]) failure = latest
    }
  }
  throw failure
}

/** "Revoked" carries no time of its own here: it counts from when it was heard, so that no older "good" replaces it. */
function spanOf(status: RevocationStatus, asAt: Date): AnswerSpan {
  if (status.kind === 'unknown') throw new RevocationFailure('unusable', status.why)
  return status.kind === 'good'
    ? { thisUpdate: status.thisUpdate, nextUpdate: status.nextUpdate, sequence: null }
    : { thisUpdate: asAt, nextUpdate: null, sequence: null }
}
