import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  answerFileName,
  readAnswerFile,
  writeAnswerFile,
} from '../../../../src/certificate/revocation/store/answer-file.ts'
import type { StoredAnswer } from '../../../../src/certificate/revocation/store/answer-folder.ts'
import type { RevocationEvent } from '../../../../src/certificate/revocation/store/revocation-event.ts'
import {
  DEFAULT_FOLDER_LIMITS,
  RevocationFolder,
  type FolderLimits,
} from '../../../../src/certificate/revocation/store/revocation-folder.ts'
import {
  bytesOf,
  CRL_URL,
  FIRST_PATH,
  HandWoundTime,
  HOUR_MS,
  OCSP_URL,
  ocspFunctions,
  openStore,
  paperAnswer,
  paperCrl,
  questionOf,
  settle,
  StandInEgressFailure,
  START,
  statusOf,
  type FixtureOptions,
  type PaperCrl,
  type StoreFixture,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const STORED: StoredAnswer = {
  ...{ source: 'ocsp', key: 'issuer 0a', url: OCSP_URL, acceptedAt: START },
  nonce: Buffer.from('00ff', 'hex'),
  der: Buffer.from('signed\nbytes'),
}

let folder: string
let events: RevocationEvent[]
let opened: StoreFixture[]

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'revocation-')), 'answers')
  events = []
  opened = []
})

afterEach(async () => {
  for (const { store } of opened) await store.close()
  await rm(join(folder, '..'), { recursive: true })
})

function openFolder(limits: Partial<FolderLimits> = {}): RevocationFolder {
  return new RevocationFolder(folder, { ...DEFAULT_FOLDER_LIMITS, ...limits }, (event) => events.push(event))
}

/** A process with an empty memory on this folder, that serves this list or nothing. */
async function start(served: Partial<PaperCrl> | null, options: FixtureOptions = {}): Promise<StoreFixture> {
  const fixture = openStore({ ...options, folder: openFolder() })
  opened.push(fixture)
  const der = bytesOf(paperCrl(START, served ?? {}))
  fixture.serve(() => (served === null ? Promise.reject(new StandInEgressFailure('x')) : Promise.resolve(der)))
  await fixture.store.load()
  return fixture
}

/** A first process that fetched a list and stopped. */
async function startAndStop(served: Partial<PaperCrl> = {}): Promise<string> {
  const { store, time } = await start(served)
  await statusOf({ store, time }, question)
  await store.close()
  const [name] = await readdir(folder)
  if (name === undefined) throw new Error('nothing was saved')
  return join(folder, name)
}

const ignored = () => events.flatMap((event) => (event.kind === 'revocation-file-ignored' ? [event.problem] : []))

describe('a restart', () => {
  it('finds what was fetched before, without asking anybody', async () => {
    await startAndStop({ revoked: { a: 'keyCompromise' } })
    const again = await start(null)
    expect(again.store.states()).toMatchObject([{ state: 'on-disk', url: CRL_URL, thisUpdate: START }])
    expect(again.store.peek(question, START)?.status.kind).toBe('revoked')
    expect(again.requests).toEqual([])
    expect(again.store.states()).toMatchObject([{ state: 'held', acceptedAt: START }])
  })

  it('bridges an outage with the last good answer, for no longer than without the restart', async () => {
    await startAndStop()
    const time = new HandWoundTime()
    await time.wind(3 * HOUR_MS)
    expect(await statusOf(await start(null, { time }), question)).toMatchObject({ kind: 'good' })
    await time.wind(1)
    expect(await statusOf(await start(null, { time }), question)).toMatchObject({ kind: 'unknown' })
  })

  it('does not let a captured list in before the newer one on disk has its say', async () => {
    await startAndStop({ revoked: { a: 'keyCompromise' } })
    const again = await start({ thisUpdate: '2027-03-01T11:00:00Z' })
    await again.store.ask(question)
    expect(again.store.peek(question, START)?.status.kind).toBe('revoked')
  })

  it('keeps the nonce of an OCSP answer', async () => {
    const ocsp = ocspFunctions([OCSP_URL], () => Buffer.from('07', 'hex'))
    const asked = questionOf(FIRST_PATH, { check: ['ocsp'] })
    const before = await start(null, { ocsp })
    before.serve(() => Promise.resolve(bytesOf(paperAnswer(START, { nonce: '07' }))))
    await statusOf(before, asked)
    await before.store.close()
    const again = await start(null, { ocsp: ocspFunctions([OCSP_URL], () => Buffer.from('08', 'hex')) })
    expect(again.store.peek(asked, START)?.status.kind).toBe('good')
  })

  it.each([
    ['signed by another', { signer: 'CN=Mallory' }],
    ['not current when it is said to have come', { nextUpdate: '2027-03-01T11:30:00Z' }],
  ])('judges what it finds like an answer from the network: %s', async (_, over) => {
    const file = await startAndStop()
    const stored = readAnswerFile(await readFile(file))
    if (stored === null) throw new Error('unreadable')
    await writeFile(file, writeAnswerFile({ ...stored, der: bytesOf(paperCrl(START, { ...over, revoked: {} })) }))
    const again = await start(null)
    expect(again.store.peek(question, START)).toBeNull()
    await again.store.close()
    expect(ignored()).toEqual(['unusable'])
    expect(await readdir(folder)).toEqual([])
  })

  it('does not stretch an old answer by a date that somebody wrote into the file', async () => {
    const file = await startAndStop()
    const stored = readAnswerFile(await readFile(file))
    if (stored === null) throw new Error('unreadable')
    const time = new HandWoundTime()
    await time.wind(4 * HOUR_MS)
    await writeFile(file, writeAnswerFile({ ...stored, acceptedAt: new Date('2099-01-01T00:00:00Z') }))
    expect((await statusOf(await start(null, { time }), question)).kind).toBe('unknown')
  })
})

describe('a damaged file', () => {
  it('is told and removed, wherever it is cut off', async () => {
    const file = await startAndStop()
    const whole = await readFile(file)
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(file, whole)
      await truncate(file, length)
      expect(await openFolder().load(START)).toEqual([])
    }
    expect(ignored()).toEqual(Array.from(whole, () => 'damaged'))
    expect(await readdir(folder)).toEqual([])
  })

  it('is told and removed when its hash is right and its content no answer', async () => {
    const file = await startAndStop()
    const stored = readAnswerFile(await readFile(file))
    if (stored === null) throw new Error('unreadable')
    await writeFile(file, writeAnswerFile({ ...stored, der: Buffer.from('{') }))
    await (await start(null)).store.close()
    expect(ignored()).toEqual(['malformed'])
    expect(await readdir(folder)).toEqual([])
  })

  it('is told and removed when it lies under the name of another, or is larger than an answer may be', async () => {
    await mkdir(folder)
    await writeFile(join(folder, answerFileName('crl', 'other')), writeAnswerFile(STORED))
    await writeFile(join(folder, answerFileName('crl', 'large')), Buffer.alloc(9_000))
    expect(await openFolder({ sizeLimitBytes: 500 }).load(START)).toEqual([])
    expect(ignored().sort()).toEqual(['misnamed', 'too-large'])
    expect(await readdir(folder)).toEqual([])
  })
})

describe('what is not ours', () => {
  it('is told and left where it is, links and folders too', async () => {
    await mkdir(join(folder, answerFileName('crl', 'folder')), { recursive: true })
    await writeFile(join(folder, 'thesis\n.txt'), 'years of work')
    await writeFile(join(folder, '..', 'elsewhere'), writeAnswerFile(STORED))
    await symlink('../elsewhere', join(folder, answerFileName(STORED.source, STORED.key)))
    expect(await openFolder().load(START)).toEqual([])
    expect(ignored().sort()).toEqual(['foreign', 'not-a-file', 'not-a-file'])
    expect(events).toContainEqual({ kind: 'revocation-file-ignored', file: 'thesis?.txt', problem: 'foreign' })
    expect(await readdir(folder)).toHaveLength(3)
  })

  it('is removed when it is the remains of a write long ago, and only then', async () => {
    await mkdir(folder)
    const [old = '', young = ''] = ['a', 'b'].map((letter) => `.${letter.repeat(36)}.tmp`)
    for (const name of [old, young]) await writeFile(join(folder, name), 'half')
    await utimes(join(folder, old), START, new Date(START.getTime() - HOUR_MS - 1000))
    await utimes(join(folder, young), START, START)
    await openFolder().load(START)
    expect(await readdir(folder)).toEqual([young])
    expect(events).toEqual([])
  })
})

describe('the folder', () => {
  const answer = (index: number): StoredAnswer => ({
    ...STORED,
    key: `issuer ${String(index)}`,
    der: Buffer.alloc(1000, index),
  })

  it('and its files are for the gateway alone', async () => {
    const file = await startAndStop()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('holds no more files and bytes than it may, the newest, also when it was fuller before', async () => {
    const bytes = writeAnswerFile(answer(1)).length
    for (const limits of [{ maxFiles: 3 }, { maxBytes: 3 * bytes }]) {
      const open = openFolder(limits)
      await open.load(START)
      for (const index of [1, 2, 3, 4, 5]) open.save(answer(index))
      await open.close()
      expect((await readdir(folder)).sort()).toEqual(
        [3, 4, 5].map((index) => answerFileName('ocsp', answer(index).key)).sort(),
      )
    }
    for (const index of [3, 4, 5])
      await utimes(
        join(folder, answerFileName('ocsp', answer(index).key)),
        START,
        new Date(START.getTime() + index * 1000),
      )
    expect((await openFolder({ maxFiles: 1 }).load(START)).map(({ key }) => key)).toEqual(['issuer 5'])
    expect(await readdir(folder)).toHaveLength(1)
    expect(events).toEqual([])
  })

  it('has the latest of several answers that came at once, and nothing half-written', async () => {
    const open = openFolder()
    await open.load(START)
    for (let round = 0; round < 20; round += 1) open.save({ ...STORED, der: Buffer.from(`round ${String(round)}`) })
    await open.close()
    expect((await openFolder().load(START)).map(({ der }) => der.toString())).toEqual(['round 19'])
  })

  it('that cannot be written is told, and memory goes on', async () => {
    const fixture = await start({})
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
    expect((await statusOf(fixture, question)).kind).toBe('good')
    await fixture.store.close()
    expect(events).toEqual([{ kind: 'revocation-folder-failed', action: 'write', code: 'ENOTDIR' }])
    await settle()
    expect(fixture.store.peek(question, START)?.status.kind).toBe('good')
  })

  it('that cannot be made is told, and memory goes on', async () => {
    await writeFile(folder, 'in the way')
    const fixture = await start({})
    expect((await statusOf(fixture, question)).kind).toBe('good')
    expect(events).toMatchObject([{ kind: 'revocation-folder-failed', action: 'open', code: 'EEXIST' }])
    await fixture.store.close()
  })
})
