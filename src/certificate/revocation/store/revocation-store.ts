import type { Clock } from '../../../model/clock.ts'
import type { AnswerFolder } from './answer-folder.ts'
import { AnswerKeeper } from './answer-keeper.ts'
import { AnswerLookup, type LocalAnswers } from './answer-lookup.ts'
import type { AnswerKind } from './answer-kind.ts'
import { createCrlKind } from './crl-kind.ts'
import { Deadline } from './deadline.ts'
import type { FetchGate } from './fetch-gate.ts'
import type { KeptState } from './kept-state.ts'
import { createOcspKind, type OcspAnswer } from './ocsp-kind.ts'
import type { RevocationEvent } from './revocation-event.ts'
import type { CrlFacts, CrlFunctions, FetchAnswer, OcspFunctions, RevocationQuestion } from './revocation-functions.ts'
import type { RevocationSource, RevocationStatus } from '../revocation-status.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoreLimits } from './store-limits.ts'

export interface RevocationStoreOptions<Crl extends CrlFacts, Response> {
  readonly crl: CrlFunctions<Crl>
  readonly ocsp: OcspFunctions<Response>
  readonly fetch: FetchAnswer
  /** One for all stores of the gateway. */
  readonly gate: FetchGate
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** From 0 to 1. */
  readonly chance: () => number
  /** Null to remember in memory alone. */
  readonly folder: AnswerFolder | null
  readonly limits: StoreLimits
  readonly onEvent: (event: RevocationEvent) => void
}

export interface TriedSource {
  readonly source: RevocationSource
  readonly why: string
}

/** The status of one certificate, and what was asked in vain before. */
export interface RevocationAnswer {
  readonly status: RevocationStatus
  /** Sources that could not tell; empty with an unknown status when there was nobody to ask. */
  readonly tried: readonly TriedSource[]
}

/** What checking a path needs of the store. */
export interface RevocationSources {
  /** What memory says, at once; null when somebody must be asked first. */
  readonly peek: (question: RevocationQuestion, now: Date) => RevocationAnswer | null
  /** Asks whoever may know, within the time limit; an answer that comes later serves the next who asks. */
  readonly ask: (question: RevocationQuestion) => Promise<RevocationAnswer>
}

/** What the gateway remembers of CRLs and OCSP answers for the issuers of one trust folder. */
export class RevocationStore<Crl extends CrlFacts & object, Response> implements RevocationSources {
  readonly #options: RevocationStoreOptions<Crl, Response>
  readonly #memory: Memory<Crl, Response>
  readonly #lookups: Readonly<Record<RevocationSource, Pick<AnswerLookup<object>, 'hasSource' | 'peek' | 'ask'>>>

  private constructor(
    options: RevocationStoreOptions<Crl, Response>,
    memory: Memory<Crl, Response>,
    crls: readonly Crl[],
  ) {
    const { clock } = options
    this.#options = options
    this.#memory = memory
    this.#lookups = {
      crl: new AnswerLookup(memory.crlKind, memory.crl, localCrls(crls), clock),
      ocsp: new AnswerLookup(memory.ocspKind, memory.ocsp, NOTHING_LOCAL, clock),
    }
  }

  static create<Crl extends CrlFacts & object, Response>(
    options: RevocationStoreOptions<Crl, Response>,
  ): RevocationStore<Crl, Response> {
    return new RevocationStore(options, createMemory(options), [])
  }

  /** The same memory with these CRLs of the operator in place of earlier ones; the store itself stays as it is. */
  withLocal(crls: readonly Crl[]): RevocationStore<Crl, Response> {
    return new RevocationStore(this.#options, this.#memory, crls)
  }

  /** Reads back what is on disk; before the first question. */
  async load(): Promise<void> {
    for (const stored of (await this.#options.folder?.load(this.#options.clock.now())) ?? []) {
      this.#memory.crl.takeStored(stored)
      this.#memory.ocsp.takeStored(stored)
    }
  }

  peek(question: RevocationQuestion, now: Date): RevocationAnswer | null {
    const tried: TriedSource[] = []
    for (const source of question.check) {
      if (!this.#lookups[source].hasSource(question)) continue
      const status = this.#lookups[source].peek(question, now)
      if (status === null) return null
      if (status.kind !== 'unknown') return { status, tried }
      tried.push({ source, why: status.why })
    }
    return unknown(tried)
  }

  async ask(question: RevocationQuestion): Promise<RevocationAnswer> {
    const deadline = new Deadline(this.#options.scheduler, this.#options.limits.waitMs)
    const tried: TriedSource[] = []
    try {
      for (const source of question.check) {
        if (!this.#lookups[source].hasSource(question)) continue
        const status = await this.#lookups[source].ask(question, deadline)
        if (status.kind !== 'unknown') return { status, tried }
        tried.push({ source, why: status.why })
      }
      return unknown(tried)
    } finally {
      deadline.cancel()
    }
  }

  /** Every source that is known of, for operators. */
  states(): readonly KeptState[] {
    return [...this.#memory.crl.states(), ...this.#memory.ocsp.states()]
  }

  /** Ends when what was accepted is on disk. All that `withLocal` made of this store ends with it. */
  async close(): Promise<void> {
    this.#memory.crl.close()
    this.#memory.ocsp.close()
    await this.#options.folder?.close()
  }
}

interface Memory<Crl, Response> {
  readonly crlKind: AnswerKind<Crl>
  readonly crl: AnswerKeeper<Crl>
  readonly ocspKind: AnswerKind<OcspAnswer<Response>>
  readonly ocsp: AnswerKeeper<OcspAnswer<Response>>
}

function createMemory<Crl extends CrlFacts, Response>(
  options: RevocationStoreOptions<Crl, Response>,
): Memory<Crl, Response> {
  const { crl, ocsp, limits } = options
  const crlKind = createCrlKind({ ...options, functions: crl })
  const ocspKind = createOcspKind({ ...options, functions: ocsp })
  return {
    crlKind,
    crl: new AnswerKeeper(crlKind, { ...options, limits: limits.crl }),
    ocspKind,
    ocsp: new AnswerKeeper(ocspKind, { ...options, limits: limits.ocsp }),
  }
}

const NOTHING_LOCAL = { cover: () => false, all: [] }

function localCrls<Crl extends CrlFacts & object>(crls: readonly Crl[]): LocalAnswers<Crl> {
  const issuers = new Set(crls.map(({ issuerKey }) => issuerKey))
  return {
    cover: ({ link }) => issuers.has(link.certificate.issuerKey),
    all: crls.map((answer) => {
      const { thisUpdate, nextUpdate } = answer
      const expiresAt = nextUpdate ?? thisUpdate
      return { answer, currentAt: nextUpdate === null ? thisUpdate : justBefore(nextUpdate), expiresAt }
    }),
  }
}

function justBefore(moment: Date): Date {
  return new Date(moment.getTime() - 1000)
}

function unknown(tried: readonly TriedSource[]): RevocationAnswer {
  return { status: { kind: 'unknown', why: tried.map(({ why }) => why).join('; ') || 'nobody to ask' }, tried }
}
