import type { CertificatePath } from '../../../../src/certificate/path/certificate-path.ts'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import type { AnswerFolder } from '../../../../src/certificate/revocation/store/answer-folder.ts'
import {
  DEFAULT_GATE_LIMITS,
  FetchGate,
  type GateLimits,
} from '../../../../src/certificate/revocation/store/fetch-gate.ts'
import type { RevocationEvent } from '../../../../src/certificate/revocation/store/revocation-event.ts'
import type {
  AnswerRequest,
  CrlFacts,
  CrlFunctions,
  OcspFunctions,
  RevocationQuestion,
} from '../../../../src/certificate/revocation/store/revocation-functions.ts'
import type { RevocationProblem } from '../../../../src/certificate/revocation/store/revocation-failure.ts'
import type { RevocationStatus } from '../../../../src/certificate/revocation/revocation-status.ts'
import { RevocationStore } from '../../../../src/certificate/revocation/store/revocation-store.ts'
import type { Scheduler } from '../../../../src/certificate/revocation/store/scheduler.ts'
import { DEFAULT_STORE_LIMITS, type StoreLimits } from '../../../../src/certificate/revocation/store/store-limits.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import { mintAuthority, mintClientCertificate, type MintedCertificate } from '../../../support/mint-certificates.ts'

export const START = new Date('2027-03-01T12:00:00Z')
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const CRL_URL = 'http://crl.example/issuing.crl'
export const OCSP_URL = 'http://ocsp.example/'

/** A stand-in for signed bytes: JSON that names its signer. */
export interface PaperCrl {
  readonly signer: string
  readonly thisUpdate: string
  readonly nextUpdate: string | null
  readonly crlNumber: number | null
  readonly revoked: Readonly<Record<string, string>>
  /** Like a list for other certificates, or a delta list. */
  readonly coversNothing?: boolean
}

export interface PaperAnswer {
  readonly signer: string
  readonly serial: string
  readonly status: 'good' | 'revoked' | 'unknown'
  readonly thisUpdate: string
  readonly nextUpdate: string | null
  readonly nonce: string | null
}

export interface StandInCrl extends CrlFacts {
  readonly paper: PaperCrl
}

/** Time that stands still until it is wound on, and then runs what is due. */
export class HandWoundTime implements Clock, Scheduler {
  readonly #start: Date
  #elapsedMs = 0
  #tasks: { readonly dueMs: number; readonly task: () => void }[] = []

  constructor(start = START) {
    this.#start = start
  }

  now = (): Date => new Date(this.#start.getTime() + this.#elapsedMs)
  elapsedMs = (): number => this.#elapsedMs

  after = (delayMs: number, task: () => void): (() => void) => {
    const entry = { dueMs: this.#elapsedMs + delayMs, task }
    this.#tasks.push(entry)
    return () => (this.#tasks = this.#tasks.filter((other) => other !== entry))
  }

  get waiting(): number {
    return this.#tasks.length
  }

  /** Lets everything that was set off come to its end. */
  async wind(ms: number): Promise<void> {
    const end = this.#elapsedMs + ms
    for (;;) {
      const due = this.#tasks.filter(({ dueMs }) => dueMs <= end).sort((one, other) => one.dueMs - other.dueMs)[0]
      if (due === undefined) break
      this.#tasks = this.#tasks.filter((other) => other !== due)
      this.#elapsedMs = Math.max(this.#elapsedMs, due.dueMs)
      due.task()
      await settle()
    }
    this.#elapsedMs = end
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

const root = await mintAuthority({ subject: [['CN', 'Root']] })
const issuing = await mintAuthority({ subject: [['CN', 'Issuing']], issuer: root })

const parse = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)

/** A client below `Issuing` below `Root`, parsed. */
export async function mintPath(serialNumber: string): Promise<CertificatePath> {
  const client = parse(await mintClientCertificate(issuing, { serialNumber }))
  return { client, intermediates: [parse(issuing)], anchor: parse(root) }
}

export const FIRST_PATH = await mintPath('0a')

export function questionOf(path: CertificatePath, over: Partial<RevocationQuestion> = {}): RevocationQuestion {
  const [issuer = path.anchor] = path.intermediates
  return { link: { certificate: path.client, issuer }, path, check: ['crl'], lastGoodHoldsMs: HOUR_MS, ...over }
}

/** A CRL of `Issuing` from now for two hours, unless said otherwise. */
export function paperCrl(now: Date, over: Partial<PaperCrl> = {}): PaperCrl {
  const nextUpdate = new Date(now.getTime() + 2 * HOUR_MS).toISOString()
  const usual = { signer: 'CN=Issuing', thisUpdate: now.toISOString(), nextUpdate, crlNumber: null, revoked: {} }
  return { ...usual, ...over }
}

export function paperAnswer(now: Date, over: Partial<PaperAnswer> = {}): PaperAnswer {
  const nextUpdate = new Date(now.getTime() + 2 * HOUR_MS).toISOString()
  const span = { thisUpdate: now.toISOString(), nextUpdate }
  return { signer: 'CN=Issuing', serial: 'a', status: 'good', nonce: null, ...span, ...over }
}

export function bytesOf(paper: PaperCrl | PaperAnswer): Buffer {
  return Buffer.from(JSON.stringify(paper))
}

function parsePaper(der: Buffer): unknown {
  try {
    return JSON.parse(der.toString())
  } catch {
    throw new Error('ends early')
  }
}

export function parsePaperCrl(der: Buffer): StandInCrl {
  const paper = parsePaper(der) as PaperCrl
  return {
    paper,
    issuerKey: FIRST_PATH.client.issuerKey,
    thisUpdate: new Date(paper.thisUpdate),
    nextUpdate: paper.nextUpdate === null ? null : new Date(paper.nextUpdate),
    crlNumber: paper.crlNumber === null ? null : BigInt(paper.crlNumber),
  }
}

function checkPaperCrls(question: RevocationQuestion, crls: readonly StandInCrl[], asAt: Date): RevocationStatus {
  const source = 'crl'
  for (const { paper, thisUpdate, nextUpdate } of crls) {
    const usable = signerOf(question) === paper.signer && paper.coversNothing !== true
    if (!usable || thisUpdate > asAt || nextUpdate === null || nextUpdate < asAt) continue
    const reason = paper.revoked[question.link.certificate.facts.serialNumber]
    if (reason !== undefined) return { kind: 'revoked', source, revokedAt: thisUpdate, reason }
    return { kind: 'good', source, thisUpdate, nextUpdate }
  }
  return { kind: 'unknown', why: `no usable one of ${crls.length}` }
}

function signerOf({ link }: RevocationQuestion): string {
  return `CN=${link.issuer.facts.subject[0]?.[0]?.value ?? ''}`
}

const URLS = { crl: [CRL_URL], ocsp: [OCSP_URL] }

export function crlFunctions(
  urls: readonly string[] = URLS.crl,
  configured: readonly string[] = [],
): CrlFunctions<StandInCrl> {
  return {
    parse: parsePaperCrl,
    isAuthentic: ({ paper }, question) => paper.signer === signerOf(question),
    check: checkPaperCrls,
    urls: () => urls,
    configuredUrls: () => configured,
  }
}

export function ocspFunctions(
  urls: readonly string[] = URLS.ocsp,
  newNonce: () => Buffer | null = () => null,
): OcspFunctions<PaperAnswer> {
  return {
    newNonce,
    buildRequest: ({ certificate }, nonce) =>
      Buffer.from(JSON.stringify({ serial: certificate.facts.serialNumber, nonce: nonce?.toString('hex') ?? null })),
    parse: (der) => parsePaper(der) as PaperAnswer,
    check: (answer, question, { nonce, now }) => {
      const thisUpdate = new Date(answer.thisUpdate)
      const nextUpdate = answer.nextUpdate === null ? null : new Date(answer.nextUpdate)
      const why = (text: string): RevocationStatus => ({ kind: 'unknown', why: text })
      if (answer.signer !== signerOf(question)) return why('signed by another')
      if (answer.serial !== question.link.certificate.facts.serialNumber) return why('another serial number')
      if (answer.nonce !== (nonce?.toString('hex') ?? null)) return why('another nonce')
      if (now < thisUpdate || (nextUpdate !== null && now > nextUpdate)) return why('out of date')
      if (answer.status === 'good') return { kind: 'good', source: 'ocsp', thisUpdate, nextUpdate }
      if (answer.status === 'unknown') return why('the responder does not know it')
      return { kind: 'revoked', source: 'ocsp', revokedAt: thisUpdate, reason: null }
    },
    urls: () => urls,
  }
}

export interface StoreFixture {
  readonly store: RevocationStore<StandInCrl, PaperAnswer>
  readonly time: HandWoundTime
  readonly events: RevocationEvent[]
  readonly requests: AnswerRequest[]
  /** How fetches are answered from now on. */
  readonly serve: (answer: (request: AnswerRequest) => Promise<Buffer>) => void
}

export interface FixtureOptions {
  readonly limits?: Partial<StoreLimits>
  readonly gate?: Partial<GateLimits>
  readonly time?: HandWoundTime
  readonly folder?: AnswerFolder | null
  readonly crl?: CrlFunctions<StandInCrl>
  readonly ocsp?: OcspFunctions<PaperAnswer>
}

/** A store whose network serves a good CRL until told otherwise. */
export function openStore(options: FixtureOptions = {}): StoreFixture {
  const { time = new HandWoundTime(), folder = null, crl = crlFunctions(), ocsp = ocspFunctions() } = options
  const events: RevocationEvent[] = []
  const requests: AnswerRequest[] = []
  let answer: (request: AnswerRequest) => Promise<Buffer> = () => Promise.resolve(bytesOf(paperCrl(time.now())))
  const onEvent = (event: RevocationEvent): void => void events.push(event)
  const store = RevocationStore.create({
    ...{ crl, ocsp, folder, onEvent, clock: time, scheduler: time, chance: () => 0.5 },
    gate: new FetchGate({ ...DEFAULT_GATE_LIMITS, ...options.gate }, time, onEvent),
    limits: { ...DEFAULT_STORE_LIMITS, ...options.limits },
    fetch: (request) => {
      requests.push(request)
      return answer(request)
    },
  })
  return { store, time, events, requests, serve: (next) => (answer = next) }
}

export class StandInEgressFailure extends Error {
  readonly problem = 'unreachable'
}

/** The status, however it comes. */
export async function statusOf(
  { store, time }: Pick<StoreFixture, 'store' | 'time'>,
  question: RevocationQuestion,
): Promise<RevocationStatus> {
  return (store.peek(question, time.now()) ?? (await store.ask(question))).status
}

/** From now on, with the time of now. */
export function serveCrl({ serve, time }: StoreFixture, over: Partial<PaperCrl> = {}): void {
  const der = bytesOf(paperCrl(time.now(), over))
  serve(() => Promise.resolve(der))
}

export function cutOff({ serve }: StoreFixture): void {
  serve(() => Promise.reject(new StandInEgressFailure('ECONNREFUSED')))
}

/** What memory says; null when somebody must be asked first. */
export function peekKind({ store, time }: StoreFixture, question: RevocationQuestion): RevocationStatus['kind'] | null {
  return store.peek(question, time.now())?.status.kind ?? null
}

export function problems({ events }: StoreFixture): readonly RevocationProblem[] {
  return events.flatMap((event) => ('detail' in event ? [event.problem] : []))
}
