import type { Random } from './random.ts'

/** A connection that can be cut: of a registrant to a gateway, of a gateway to the identity server, of a gateway to Redis. */
export type Way = 'registrant' | 'upstream' | 'store'

/** Of one exchange on a connection, in the order in which they come. */
export type Moment =
  | 'connecting' // before anything was sent
  | 'request-begun' // some bytes of the request went through, and no more will
  | 'request-sent' // the request is on its way or there; an answer may be
  | 'answer-due' // the answer is there, and not a byte of it went through
  | 'answer-begun' // some bytes of the answer went through, and no more will
  | 'answer-sent' // the answer went through, just now

export type Victim = 'gateway' | 'identity-server' | 'store'

export type Act =
  | 'reset' // both ends get a RST
  | 'close' // both ends get a FIN
  | 'stall' // nothing goes through for longer than anybody waits, then a RST
  | `kill ${Victim}` // SIGKILL; it comes back at the same port

export interface FaultKind {
  readonly way: Way
  readonly moment: Moment
  readonly act: Act
}

/** One fault as it is to happen. */
export interface Fault extends FaultKind {
  /** Bytes that still go through, where the moment is one of some bytes. */
  readonly bytes: number
  /** How long after its moment it strikes, where the moment has a length. */
  readonly delayMs: number
  /** Exchanges on the connection that are left alone before it. */
  readonly skip: number
  /** How long a killed process stays down, at the least. */
  readonly downMs: number
}

const ALL: readonly Moment[] = [
  'connecting',
  'request-begun',
  'request-sent',
  'answer-due',
  'answer-begun',
  'answer-sent',
]
const ONCE_SENT: readonly Moment[] = ['request-sent', 'answer-due', 'answer-sent']
const WITHIN: readonly Moment[] = ['request-begun', 'request-sent', 'answer-due', 'answer-begun', 'answer-sent']

/** Everything that can go wrong here: each act at each of the moments on each of the ways. */
const TABLE: readonly (readonly [ways: readonly Way[], moments: readonly Moment[], acts: readonly Act[]])[] = [
  [['registrant', 'upstream', 'store'], ALL, ['reset', 'close']],
  [['upstream', 'store'], ['answer-due'], ['stall']],
  [['registrant', 'store'], ONCE_SENT, ['kill gateway']],
  [['upstream'], WITHIN, ['kill gateway']],
  [['upstream'], WITHIN, ['kill identity-server']],
  [['upstream', 'store'], ONCE_SENT, ['kill store']],
]

export const FAULT_KINDS: readonly FaultKind[] = TABLE.flatMap(([ways, moments, acts]) =>
  ways.flatMap((way) => moments.flatMap((moment) => acts.map((act) => ({ way, moment, act })))),
)

/** Registrations and answers have more bytes than this, commands of the store more than the second. */
const HTTP_BYTES = 1_500
const STORE_BYTES = 40
/** About as many commands as one registration sends to the store. */
const STORE_EXCHANGES = 8

export function detail(kind: FaultKind, random: Random): Fault {
  return {
    ...kind,
    bytes: random.whole(1, kind.way === 'store' ? STORE_BYTES : HTTP_BYTES),
    delayMs: random.whole(0, 12),
    skip: kind.way === 'store' ? random.whole(0, STORE_EXCHANGES) : 0,
    downMs: random.whole(0, 300),
  }
}

export function nameOf({ way, moment, act }: FaultKind): string {
  return `${act} @ ${way} ${moment}`
}
