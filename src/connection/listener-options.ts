import type { Answer } from '../model/answer.ts'
import type { Arrival } from '../model/arrival.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/refusal.ts'
import type { Exchange } from '../model/stages.ts'
import type { TlsSettings } from '../model/tls-settings.ts'
import type { ClientIssuers } from './client-issuers.ts'
import type { ConnectionLimits } from './http-options.ts'

export interface ListenerOptions {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly tls: TlsSettings
  readonly clientIssuers: ClientIssuers
  /** False on versions of Node that lose the presented chain where OpenSSL verifies it: then it is not asked (find-chain-loss.ts). */
  readonly secondOpinion: boolean
  readonly limits: ConnectionLimits
  readonly clock: Clock
  /** Answers one request; rejects only when something is broken, and is then reported as a fault. */
  readonly handle: (arrival: Arrival) => Promise<Answer>
  /** Words the refusal of what never becomes an exchange: no request that can be read, or none that may be served. */
  readonly refuseEarly: (refusal: Refusal, decisionId: string) => Answer
  /** Hears of each such refusal, for the audit trail. Of a request that could not be read method, target and headers are empty. */
  readonly onEarlyRefusal: (exchange: Exchange) => void
  /** Hears of each handshake that failed, by code such as `ERR_SSL_NO_SHARED_CIPHER`; what was sent stays out of it. */
  readonly onHandshakeFailure: (code: string) => void
  /** Hears of what should not happen: a broken exchange, no more file descriptors. The listener goes on. */
  readonly onFault: (fault: unknown) => void
}
