import { describe, expect, it } from 'vitest'
import type { Attempt, Grant, Software } from '../registrant/software.ts'
import { INVARIANTS, type Ending } from './invariants.ts'

const STATEMENT = { jti: 'j1', jws: 's1' }
const OTHER_STATEMENT = { jti: 'j2', jws: 's2' }

const grant = (clientId: string, changes: Partial<Grant> = {}): Grant => ({
  ...{ clientId, token: `token of ${clientId}`, uri: `https://gateway/register/${clientId}` },
  ...{ statement: STATEMENT, leg: 0, deleted: false },
  ...changes,
})

const attempt = (leg: number, statement: string, outcome = '201'): Attempt => ({
  ...{ leg, statement, does: 'register', gateway: 'A', startedAt: 0, endedAt: 1, armed: null, outcome },
})

function ending(live: readonly string[], grants: Grant[], changes: Partial<Ending & Software> = {}): Ending {
  const { recovery = 'replay', attempts = [attempt(0, 'j1')], complaints = [] } = changes
  const identity = { certificate: null, privateKey: null, serverCa: '' }
  const names = { number: 0, title: 'registers', softwareId: 's', organisationId: 'o' }
  const read = changes.read ?? new Map(grants.map((each) => [each, `200 ${each.clientId}`]))
  return { live, recovery, read, software: { ...names, identity, attempts, grants, complaints } }
}

const broken = (of: Ending): readonly string[] =>
  INVARIANTS.filter(({ violations }) => violations(of).length > 0).map(({ name }) => name)

const TWO_LIVE = 'no software has two live clients'
const ORPHAN = 'no client is an orphan: somebody received its credentials'
const MISSING = 'who got a 201 has a client, unless it deleted it'
const UNDEAD = 'what was deleted is gone'
const USELESS = 'credentials that were received work'
const DIFFERENT = 'the same registration gets the same answer'
const RACE = 'of two registrations at the same moment exactly one is granted'
const BURNED = 'no statement is used up by a request that got no client'
const WRONG = 'every answer that counts is the right one'
const USED_UP = '400 statement-used-once'
const RACERS = [attempt(0, 'j1'), attempt(1, 'j2')]

describe('invariants', () => {
  it.each<[string, Ending, readonly string[]]>([
    ['a client and its credentials', ending(['c1'], [grant('c1')]), []],
    ['a client that was deleted', ending([], [grant('c1', { deleted: true })]), []],
    [
      'one that came back',
      ending(['c2'], [grant('c1', { deleted: true }), grant('c2', { statement: OTHER_STATEMENT })]),
      [],
    ],
    ['the same answer twice', ending(['c1'], [grant('c1'), grant('c1')]), []],
    [
      'a new client for a lost one, in rollback',
      ending(['c2'], [grant('c1'), grant('c2')], { recovery: 'rollback' }),
      [],
    ],
    ['a race with one winner', ending(['c1'], [grant('c1', { leg: 1 })], { attempts: RACERS }), []],

    ['a client nobody knows of', ending(['c1'], []), [ORPHAN]],
    ['a second client nobody knows of', ending(['c1', 'c2'], [grant('c1')]), [TWO_LIVE, ORPHAN]],
    ['two clients', ending(['c1', 'c2'], [grant('c1'), grant('c2', { statement: OTHER_STATEMENT })]), [TWO_LIVE]],
    ['a client that is missing', ending([], [grant('c1')]), [MISSING]],
    ['a deleted client that lives', ending(['c1'], [grant('c1', { deleted: true })]), [UNDEAD]],
    ['credentials that are refused', ending(['c1'], [grant('c1')], { read: new Map() }), [USELESS]],
    ['another answer to the same registration', ending(['c2'], [grant('c1'), grant('c2')]), [DIFFERENT]],
    ['a race nobody won', ending([], [], { attempts: RACERS }), [RACE]],
    [
      'a race that both won',
      ending(['c1', 'c2'], [grant('c1'), grant('c2', { leg: 1, statement: OTHER_STATEMENT })], { attempts: RACERS }),
      [TWO_LIVE, RACE],
    ],
    ['a statement that is used up', ending([], [], { attempts: [attempt(0, 'j1', USED_UP)] }), [BURNED]],
    [
      'a statement that a client was got for',
      ending(['c1'], [grant('c1')], { attempts: [attempt(0, 'j1', USED_UP)] }),
      [],
    ],
    ['an answer that is wrong in itself', ending(['c1'], [grant('c1')], { complaints: ['burned'] }), [WRONG]],
  ])('say of %s what does not hold', (_, of, names) => {
    expect(broken(of)).toEqual(names)
  })
})
