import type { AnswerKind, Wish } from './answer-kind.ts'
import type { AnswerSpan } from './answer-span.ts'
import type { FetchGate } from './fetch-gate.ts'
import { fetchableUrls } from './fetchable-urls.ts'
import { issuerId } from './issuer-id.ts'
import { parseAnswer } from './parse-answer.ts'
import { RevocationFailure } from './revocation-failure.ts'
import type { CrlFacts, CrlFunctions, FetchAnswer, RevocationQuestion } from './revocation-functions.ts'
import type { StoreLimits } from './store-limits.ts'

interface CrlKindOptions<Crl extends CrlFacts> {
  readonly functions: CrlFunctions<Crl>
  readonly gate: FetchGate
  readonly fetch: FetchAnswer
  readonly limits: StoreLimits
}

/** CRLs, one for each address: those of one certificate may be copies, or each cover other reasons. */
export function createCrlKind<Crl extends CrlFacts>(options: CrlKindOptions<Crl>): AnswerKind<Crl> {
  const { functions, limits } = options
  return {
    source: 'crl',
    parse: ({ der }) => parseAnswer(der, functions.parse),
    claimedSpan: spanOf,
    wishes: (question) => {
      // Each by a limit of its own: a certificate that names many must not crowd out those of the operator.
      const configured = fetchableUrls(functions.configuredUrls(), limits.configuredAddresses)
      const named = fetchableUrls(functions.urls(question.link.certificate), limits.addresses)
      return [...new Set([...configured, ...named])].map((url) => buildWish(url, question, options))
    },
    // Of two that are both current the older must not have the first word.
    check: (question, crls, asAt) =>
      functions.check(
        question,
        crls.toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime()),
        asAt,
      ),
  }
}

function buildWish<Crl extends CrlFacts>(
  url: string,
  question: RevocationQuestion,
  { functions, gate, fetch, limits }: CrlKindOptions<Crl>,
): Wish<Crl> {
  const request = { url, method: 'GET', body: null, contentType: null, accept: 'application/pkix-crl' } as const
  const { sizeLimitBytes } = limits.crl
  const owner = issuerId(question.link.issuer)
  return {
    key: `${owner} ${url}`,
    url,
    load: async (urgency) => {
      const der = await gate.run({ host: new URL(url).host, owner }, urgency(), () =>
        fetch({ ...request, sizeLimitBytes }),
      )
      return { url, der, nonce: null }
    },
    judge: (crl, asAt) => {
      if (functions.isAuthentic(crl, question, asAt)) return spanOf(crl)
      throw new RevocationFailure('unusable', 'not signed by one who may sign for the issuer')
    },
    tells: (crl, asAt) => functions.check(question, [crl], asAt).kind !== 'unknown',
    finalRevocation: () => null,
  }
}

function spanOf({ thisUpdate, nextUpdate, crlNumber }: CrlFacts): AnswerSpan {
  return { thisUpdate, nextUpdate, sequence: crlNumber }
}
