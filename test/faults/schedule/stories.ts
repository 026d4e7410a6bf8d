/** What one registrant does with one software, step after step. */
export interface Story {
  /** Of how many stories it is one. */
  readonly share: number
  /** Legs run at the same moment, each through a gateway of its own choice. */
  readonly legs: readonly (readonly Step[])[]
  /** Whether legs send the same software statement. */
  readonly statement: 'one for all' | 'one each'
}

/**
 * Something that is asked for until there is an answer that counts: attempts that end in a broken connection, in a 5xx or in "under way"
 * are made again. `ends` are the answers that count and are right; any other is a violation.
 */
export interface Step {
  /** `lose` is nothing that the registrant does: the bank's staff delete the client at the identity server. */
  readonly does: 'register' | 'register wrongly' | 'update' | 'delete' | 'lose'
  /** Whether it takes a new software statement first, or for each attempt. */
  readonly fresh?: 'once' | 'each time'
  readonly ends: readonly End[]
}

/** `granted` with credentials, `updated`, `deleted`, or the rule of a refusal. */
export type End =
  'granted' | 'updated' | 'deleted' | 'client-exists' | 'statement-used-once' | 'redirect-uris-within-statement'

const REGISTER: Step = { does: 'register', ends: ['granted'] }
const BE_REFUSED: Step = { does: 'register wrongly', ends: ['redirect-uris-within-statement'] }
/** Its statement was good for a client already: the same credentials, or a new client in place of the first, or no. */
const ASK_AGAIN: Step = { does: 'register', ends: ['granted', 'client-exists', 'statement-used-once'] }
const ASK_FOR_A_SECOND: Step = { does: 'register', fresh: 'once', ends: ['client-exists'] }
const DELETE: Step = { does: 'delete', ends: ['deleted'] }
const REGISTER_ANEW: Step = { does: 'register', fresh: 'once', ends: ['granted'] }
/** An attempt whose answer was lost has used its statement up. */
const UPDATE: Step = { does: 'update', fresh: 'each time', ends: ['updated'] }
const LOSE: Step = { does: 'lose', ends: ['deleted'] }
const RACE: Step = { does: 'register', ends: ['granted', 'client-exists'] }

export const STORIES: Readonly<Record<string, Story>> = {
  registers: { share: 4, statement: 'one each', legs: [[REGISTER]] },
  'is refused, then registers with the same statement': {
    share: 2,
    statement: 'one each',
    legs: [[BE_REFUSED, REGISTER]],
  },
  'sends the same registration again': { share: 1, statement: 'one each', legs: [[REGISTER, ASK_AGAIN]] },
  'wants a second client': { share: 1, statement: 'one each', legs: [[REGISTER, ASK_FOR_A_SECOND]] },
  'deletes its client': { share: 1, statement: 'one each', legs: [[REGISTER, DELETE]] },
  'deletes its client and comes back': { share: 2, statement: 'one each', legs: [[REGISTER, DELETE, REGISTER_ANEW]] },
  'updates its client': { share: 1, statement: 'one each', legs: [[REGISTER, UPDATE]] },
  'updates its client, then deletes it': { share: 1, statement: 'one each', legs: [[REGISTER, UPDATE, DELETE]] },
  'updates its client, then wants a second one': {
    share: 1,
    statement: 'one each',
    legs: [[REGISTER, UPDATE, ASK_FOR_A_SECOND]],
  },
  'loses its client to the bank, and comes back': {
    share: 1,
    statement: 'one each',
    legs: [[REGISTER, LOSE, REGISTER_ANEW]],
  },
  'registers twice at the same moment': { share: 3, statement: 'one each', legs: [[RACE], [RACE]] },
  'sends one registration twice at the same moment': {
    share: 1,
    statement: 'one for all',
    legs: [[REGISTER], [REGISTER]],
  },
}
