import { describe, expect, it } from 'vitest'
import { nextStep, type NextStep, type StepSetting } from '../../../src/registry/next-step.ts'
import {
  readRecord,
  REGISTRATION_STATES,
  writeRecord,
  type RegistrationRecord,
  type RegistrationState,
} from '../../../src/registry/registration-record.ts'

const NOW = 1_000_000
const ATTEMPT: RegistrationRecord = {
  ...{ id: 'r2', state: 'reserved', attempt: 'r2', endpoint: '/register', realm: '/reg' },
  ...{
    policy: { name: 'p', version: '1', sha256: 'h' },
    isSingle: true,
    clientKey: 'k',
    owner: 'A',
    subject: 'CN=A',
    thumbprint: 't',
  },
  ...{
    request: 'statement and metadata',
    once: [],
    clientId: null,
    sinceMs: NOW,
    dueMs: null,
    keptUntilMs: null,
    lookedForMs: null,
  },
  ...{ kept: null, replaced: null, given: 0, doubtful: [] },
}

function found(state: RegistrationState, change: Partial<RegistrationRecord> = {}): RegistrationRecord {
  const kept = state === 'granted' || state === 'undelivered' ? { kept: 'sealed', keptUntilMs: NOW + 1 } : {}
  return { ...ATTEMPT, id: 'r1', attempt: 'r1', clientId: 'client-1', state, ...kept, ...change }
}

const SETTINGS: readonly StepSetting[] = (['replay', 'rollback'] as const).flatMap((recovery) =>
  [true, false].map((single) => ({ recovery, single })),
)

/** By state: the same again with `replay`, with `rollback`; another one where one client is allowed, where several are. */
const TABLE: Readonly<Record<RegistrationState, readonly [NextStep, NextStep, NextStep, NextStep]>> = {
  reserved: ['begin', 'begin', 'begin', 'begin'],
  sent: ['search', 'search', 'search', 'search'],
  unknown: ['search', 'search', 'search', 'search'],
  granted: ['answer-again', 'remove', 'refuse', 'begin'],
  undelivered: ['answer-again', 'remove', 'remove', 'remove'],
  settled: ['refuse', 'refuse', 'refuse', 'begin'],
  deleting: ['remove', 'remove', 'remove', 'remove'],
}

describe('what an attempt does about what it finds', () => {
  it.each(Object.keys(REGISTRATION_STATES) as RegistrationState[])('in the state %s', (state) => {
    const [replay, rollback, another, several] = TABLE[state]
    const step = (setting: StepSetting, change = {}): NextStep => nextStep(found(state, change), ATTEMPT, NOW, setting)
    expect(step({ recovery: 'replay', single: true })).toBe(replay)
    expect(step({ recovery: 'rollback', single: true })).toBe(rollback)
    for (const recovery of ['replay', 'rollback'] as const) {
      expect(step({ recovery, single: true }, { request: 'another' })).toBe(another)
      expect(step({ recovery, single: false }, { request: 'another' })).toBe(several)
    }
  })

  it.each<[string, Partial<RegistrationRecord>]>([
    ['another owner', { owner: 'B' }],
    ['an owner, where there was none', { owner: null }],
    ['another request', { request: 'another' }],
    ['nothing kept', { kept: null }],
    ['no time until when it is kept: its registrant has it', { keptUntilMs: null }],
    ['a time that is over', { keptUntilMs: NOW }],
  ])('is not a second attempt with %s', (_, change) => {
    for (const setting of SETTINGS) {
      expect(nextStep(found('granted', change), ATTEMPT, NOW, setting)).toBe(setting.single ? 'refuse' : 'begin')
      // Another's client is for its own registrant to remove, or the sweeper: nobody takes a place by waiting for a broken connection.
      const isAnothers = 'owner' in change
      const others = setting.single ? 'refuse' : 'begin'
      expect(nextStep(found('undelivered', change), ATTEMPT, NOW, setting)).toBe(isAnothers ? others : 'remove')
    }
  })

  it('gives credentials to nobody without an owner, though all else is the same', () => {
    const attempt = { ...ATTEMPT, owner: null }
    for (const setting of SETTINGS)
      for (const state of ['granted', 'undelivered'] as const)
        expect(nextStep(found(state, { owner: null }), attempt, NOW, setting)).not.toBe('answer-again')
  })
})

describe('the record of a registration', () => {
  it.each(Object.keys(REGISTRATION_STATES) as RegistrationState[])('is read as it was written: %s', (state) => {
    expect(readRecord(writeRecord(found(state)))).toEqual(found(state))
  })

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['another JSON value', []],
    ['nothing', null],
    ['a state of another edition', { ...ATTEMPT, state: 'paused' }],
    ['a member of another edition', { ...ATTEMPT, edition: 2 }],
    ['a member less', { ...ATTEMPT, doubtful: undefined }],
    ['a member of another type', { ...ATTEMPT, sinceMs: '1' }],
    ['more doubts than there can be', { ...ATTEMPT, doubtful: Array(21).fill('r') }],
    ['more text than there can be', { ...ATTEMPT, id: 'x'.repeat(2049) }],
    ['a negative count of answers', { ...ATTEMPT, given: -1 }],
  ])('is none with %s: whoever can write to the store makes the gateway do nothing else', (_, value) => {
    expect(readRecord(typeof value === 'string' ? value : JSON.stringify(value))).toBeNull()
  })
})
