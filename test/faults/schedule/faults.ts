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

interface Row {
  /** Of how many faults it is one: a process takes seconds to come back. */
  readonly share: number
  readonly ways: readonly Way[]
  readonly moments: readonly Moment[]
  readonly acts: readonly Act[]
}

/** Everything that can go wrong here: each act at each of the moments on each of the ways. */
const TABLE: readonly Row[] = [
  { share: 4, ways: ['registrant', 'upstream', 'store'], moments: ALL, acts: ['reset', 'close'] },
  { share: 4, ways: ['upstream', 'store'], moments: ['answer-due'], acts: ['stall'] },
  { share: 1, ways: ['registrant', 'store'], moments: ONCE_SENT, acts: ['kill gateway'] },
  { share: 1, ways: ['upstream'], moments: WITHIN, acts: ['kill gateway', 'kill identity-server'] },
  { share: 1, ways: ['upstream', 'store'], moments: ONCE_SENT, acts: ['kill store'] },
]

/** Each as often as its share says. */
export const FAULT_CARDS: readonly FaultKind[] = TABLE.flatMap(({ share, ways, moments, acts }) =>
  ways.flatMap((way) =>
    moments.flatMap((moment) =>
      acts.flatMap((act) => Array.from({ length: share }, (): FaultKind => ({ way, moment, act }))),
    ),
  ),
)

/** To see a store fail over takes more than one death in a while. */
const FAILOVER_SHARE = 15

/** Where the gateways find their store by what it says there are no relays on the way to it. */
export const FAILOVER_CARDS: readonly FaultKind[] = FAULT_CARDS.filter(({ way }) => way !== 'store').flatMap((card) =>
  Array.from({ length: card.act === 'kill store' ? FAILOVER_SHARE : 1 }, () => card),
)

/** Fewer than there are, or the fault would miss. */
const MOST_BYTES: Readonly<Record<'http' | 'store', Readonly<Record<'request' | 'answer', number>>>> = {
  http: { request: 1_500, answer: 500 },
  store: { request: 40, answer: 3 },
}
/** About as many commands as one registration sends to the store. */
const STORE_EXCHANGES = 6

export function detail(kind: FaultKind, random: Random): Fault {
  const { request, answer } = MOST_BYTES[kind.way === 'store' ? 'store' : 'http']
  return {
    ...kind,
    bytes: random.whole(1, kind.moment === 'request-begun' ? request : answer),
    delayMs: random.whole(0, 12),
    skip: kind.way === 'store' ? random.whole(0, STORE_EXCHANGES - 1) : 0,
    downMs: random.whole(0, 300),
  }
}

export function nameOf({ way, moment, act }: FaultKind): string {
  return `${act} @ ${way} ${moment}`
}
