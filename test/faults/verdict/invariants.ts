import type { Grant, Software } from '../registrant/software.ts'
import type { Recovery } from '../world/gateway-settings.ts'
import { groupBy } from './group-by.ts'

/** What is known of one software once all is over. */
export interface Ending {
  readonly software: Software
  readonly recovery: Recovery
  /** Ids of its clients at the identity server. */
  readonly live: readonly string[]
  /** What the gateway answers to who reads these clients with the credentials that were received: a status, and the client's id. */
  readonly read: ReadonlyMap<Grant, string>
}

export interface Invariant {
  readonly name: string
  /** What is wrong, if anything; each entry one violation. */
  readonly violations: (ending: Ending) => readonly string[]
}

/** Those that the identity server alone can tell: the sweeper may take its time before they hold. */
export const SETTLED: readonly Invariant[] = [
  {
    name: 'no software has two live clients',
    violations: ({ live }) => (live.length > 1 ? [`${live.length} live clients: ${live.join(', ')}`] : []),
  },
  {
    name: 'no client is an orphan: somebody received its credentials',
    violations: ({ live, software }) =>
      live.filter((id) => software.grants.every(({ clientId }) => clientId !== id)).map((id) => `orphan ${id}`),
  },
]

export const INVARIANTS: readonly Invariant[] = [
  ...SETTLED,
  {
    name: 'who got a 201 has a client, unless it deleted it',
    // Of several for one statement the registrant's own retries may have replaced all but one.
    violations: ({ live, software }) =>
      byStatement(software)
        .filter((grants) => !grants.some(({ deleted }) => deleted))
        .filter((grants) => grants.filter(({ clientId }) => live.includes(clientId)).length === 0)
        .map((grants) => `none is live of ${grants.map(({ clientId }) => clientId).join(', ')}`),
  },
  {
    name: 'what was deleted is gone',
    violations: ({ live, software }) =>
      software.grants
        .filter(({ deleted, clientId }) => deleted && live.includes(clientId))
        .map(({ clientId }) => `${clientId} was deleted and is live`),
  },
  {
    name: 'credentials that were received work',
    violations: ({ live, read, software }) =>
      software.grants
        .filter(({ clientId }) => live.includes(clientId))
        .filter((grant) => read.get(grant) !== `200 ${grant.clientId}`)
        .map((grant) => `reading ${grant.clientId} ends with ${read.get(grant) ?? 'nothing'}`),
  },
  {
    name: 'the same registration gets the same answer',
    violations: ({ recovery, software }) =>
      byStatement(software)
        .filter(() => recovery === 'replay')
        .map((grants) => [...new Set(grants.map(({ clientId, token, uri }) => `${clientId} ${token} ${uri}`))])
        .filter((answers) => answers.length > 1)
        .map((answers) => `${answers.length} different answers to one statement`),
  },
  {
    name: 'of two registrations at the same moment exactly one is granted',
    violations: ({ software }) => {
      const legs = new Set(software.attempts.map(({ leg }) => leg))
      const statements = new Set(software.attempts.map(({ statement }) => statement))
      const granted = new Set(software.grants.map(({ leg }) => leg))
      return legs.size > 1 && statements.size > 1 && granted.size !== 1
        ? [`${granted.size} of ${legs.size} were granted`]
        : []
    },
  },
  {
    name: 'no statement is used up by a request that got no client',
    violations: ({ software }) =>
      software.attempts
        .filter(({ outcome }) => outcome.endsWith(' statement-used-once'))
        .filter(({ statement }) => software.grants.every((grant) => grant.statement.jti !== statement))
        .map(({ statement }) => `statement ${statement} was used up`),
  },
  { name: 'every answer that counts is the right one', violations: ({ software }) => software.complaints },
]

function byStatement({ grants }: Software): readonly (readonly Grant[])[] {
  return [...groupBy(grants, ({ statement }) => statement.jti).values()]
}
