import { randomBytes } from 'node:crypto'
import { fetchBounded } from '../../egress/fetch-bounded.ts'
import type { Clock } from '../../model/clock.ts'
import { SignatureBudget } from '../path/signature-budget.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { DistributionPoint } from '../parse/read-distribution-point.ts'
import type { TrustStore } from '../trust/trust-store.ts'
import { checkCrls } from './crl/check-crls.ts'
import { CrlSigners, type CrlContext } from './crl/crl-signers.ts'
import { parseCrl } from './crl/parse-crl.ts'
import type { ParsedCrl } from './crl/parsed-crl.ts'
import { whyEntriesUnusable } from './crl/why-unusable.ts'
import { buildOcspRequest } from './ocsp/build-ocsp-request.ts'
import { checkOcspResponse, type OcspRules } from './ocsp/check-ocsp-response.ts'
import { parseOcspResponse } from './ocsp/parse-ocsp-response.ts'
import type { ParsedOcspResponse } from './ocsp/parsed-ocsp-response.ts'
import type { IssuedCertificate } from './revocation-status.ts'
import type { AnswerFolder } from './store/answer-folder.ts'
import type { FetchGate } from './store/fetch-gate.ts'
import type { RevocationEvent } from './store/revocation-event.ts'
import { RevocationFailure } from './store/revocation-failure.ts'
import type { CrlFunctions, FetchAnswer, OcspFunctions, RevocationQuestion } from './store/revocation-functions.ts'
import { RevocationStore } from './store/revocation-store.ts'
import { DEFAULT_STORE_LIMITS } from './store/store-limits.ts'
import { timerScheduler } from './store/timer-scheduler.ts'

export type TrustRevocation = RevocationStore<ParsedCrl, ParsedOcspResponse>

export interface RevocationOptions {
  /** The trusted issuers in force: another object once they were renewed. */
  readonly trust: () => TrustStore
  readonly gate: FetchGate
  readonly clock: Clock
  /** Null to remember in memory alone. */
  readonly folder: AnswerFolder | null
  readonly onEvent: (event: RevocationEvent) => void
  /** Whether the network may be asked; it is unless this says no, and then unknown is what nobody keeps. */
  readonly isOffline?: boolean
}

const CLOCK_SKEW_SECONDS = 60
const NONCE_BYTES = 16
/** What one question may cost: two signatures a list at the most, for lists of a few issuers. */
const SIGNATURE_LIMIT = 32

/** What is remembered of revocation for the issuers of one trust folder, on real CRLs and OCSP answers; to be loaded before it is asked. */
export function openRevocation({ trust, isOffline = false, ...options }: RevocationOptions): TrustRevocation {
  return RevocationStore.create<ParsedCrl, ParsedOcspResponse>({
    ...options,
    crl: buildCrlFunctions(trust),
    ocsp: buildOcspFunctions(trust),
    fetch: isOffline ? askNobody : buildFetch(trust),
    scheduler: timerScheduler,
    chance: Math.random,
    limits: DEFAULT_STORE_LIMITS,
  })
}

function buildCrlFunctions(trust: () => TrustStore): CrlFunctions<ParsedCrl> {
  return {
    parse: (der) => parseCrl(der, trust().settings.fetch.crlLimitBytes),
    isAuthentic: (crl, question, asAt) => {
      const context = crlContext(question, trust())
      const isGood = (link: IssuedCertificate): boolean => checkCrls(link, [crl], context, asAt).kind === 'good'
      if (new CrlSigners(question.link, context, asAt, isGood).find(crl, question.link, false) === null) return false
      // Read no sooner than the signature holds; a list of no use is not kept, or nobody would fetch another until it ends.
      const unusable = whyEntriesUnusable(crl)
      if (unusable !== null) throw new RevocationFailure('unusable', unusable)
      return true
    },
    check: (question, crls, asAt) => checkCrls(question.link, crls, crlContext(question, trust()), asAt),
    urls: ({ crlDistributionPoints }) => crlDistributionPoints.flatMap(urisOf),
    configuredUrls: () => trust().settings.crl.urls,
  }
}

function urisOf({ name }: DistributionPoint): readonly string[] {
  if (name?.form !== 'full') return []
  return name.names.flatMap((one) => (one.form === 'uri' ? one.text : []))
}

function crlContext({ path }: RevocationQuestion, { held }: TrustStore): CrlContext {
  return {
    path,
    certificates: [...held.values(), ...path.intermediates],
    signatures: new SignatureBudget(SIGNATURE_LIMIT),
  }
}

function buildOcspFunctions(trust: () => TrustStore): OcspFunctions<ParsedOcspResponse> {
  return {
    newNonce: () => (trust().settings.ocsp.nonce === 'omit' ? null : randomBytes(NONCE_BYTES)),
    buildRequest: (link, nonce) => buildOcspRequest(link, nonce, trust().settings.ocsp.certIdHash),
    parse: parseOcspResponse,
    check: (response, { link, path }, { nonce, now }) =>
      checkOcspResponse(response, link, ocspRules(trust(), path, nonce, now)),
    urls: ({ ocspUrls }: ParsedCertificate) => {
      const { responderUrl } = trust().settings.ocsp
      return responderUrl === undefined ? ocspUrls : [responderUrl]
    },
  }
}

/** A delegate without `id-pkix-ocsp-nocheck` counts only where a CRL of the folder clears it: it cannot clear itself. */
function ocspRules(trust: TrustStore, path: RevocationQuestion['path'], nonce: Buffer | null, now: Date): OcspRules {
  const { ocsp } = trust.settings
  const context = (link: IssuedCertificate): CrlContext =>
    crlContext({ link, path, check: [], lastGoodHoldsMs: 0 }, trust)
  return {
    nonce,
    nonceMode: ocsp.nonce === 'require' ? 'required' : 'optional',
    extraResponders: trust.responders,
    delegateStatus: (delegate) => checkCrls(delegate, trust.crls, context(delegate), now),
    clockSkewSeconds: CLOCK_SKEW_SECONDS,
    maxAgeSeconds: ocsp.maxAgeMs / 1000,
    now,
  }
}

function buildFetch(trust: () => TrustStore): FetchAnswer {
  return ({ url, method, body, contentType, accept, sizeLimitBytes }) => {
    const { fetch } = trust().settings
    return fetchBounded(
      { url, method, accept, ...(body === null ? {} : { body }), ...(contentType === null ? {} : { contentType }) },
      {
        // CRLs and OCSP answers are signed themselves, and most are published over http to avoid a circle (RFC 5280 section 8).
        schemes: ['http', 'https'],
        allowedHosts: fetch.hosts ?? null,
        // What a certificate names is not the operator's word: without a list of hosts the usual ports alone.
        allowedPorts: fetch.hosts === undefined ? [80, 443] : null,
        allowPrivateAddresses: fetch.allowPrivateAddresses,
        ca: null,
        timeoutMs: fetch.timeoutMs,
        sizeLimitBytes: Math.min(sizeLimitBytes, method === 'GET' ? fetch.crlLimitBytes : fetch.ocspLimitBytes),
      },
    )
  }
}

/** As if nobody could be reached, so that what is held and kept has the word, the last good answers included. */
const askNobody: FetchAnswer = () => Promise.reject(new RevocationFailure('offline', 'nobody is to be asked'))
