import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerFileName, writeAnswerFile } from '../../../../src/certificate/revocation/store/answer-file.ts'
import type { StoredAnswer } from '../../../../src/certificate/revocation/store/answer-folder.ts'
import { ReadOnlyFolder } from '../../../../src/certificate/revocation/store/read-only-folder.ts'
import type { RevocationEvent } from '../../../../src/certificate/revocation/store/revocation-event.ts'
import {
  DEFAULT_FOLDER_LIMITS,
  type FolderLimits,
} from '../../../../src/certificate/revocation/store/revocation-folder.ts'
import { bytesOf, openStore, paperCrl, START } from './revocation-fixture.ts'

let folder: string
let events: RevocationEvent[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'))
  events = []
})

afterEach(() => rm(folder, { recursive: true, force: true }))

function openReadOnly(limits: Partial<FolderLimits> = {}, at = folder): ReadOnlyFolder {
  return new ReadOnlyFolder(at, { ...DEFAULT_FOLDER_LIMITS, ...limits }, (event) => events.push(event))
}

const stored = (key: string, minutes: number, bytes = 10): StoredAnswer => ({
  ...{ source: 'ocsp', key, url: 'http://ocsp.example/', nonce: null, der: Buffer.alloc(bytes, 7) },
  acceptedAt: new Date(START.getTime() + minutes * 60_000),
})

async function put(answer: StoredAnswer): Promise<void> {
  await writeFile(join(folder, answerFileName(answer.source, answer.key)), writeAnswerFile(answer))
}

/** Names, contents and times of all that lies there. */
async function snapshot(): Promise<readonly unknown[]> {
  const names = (await readdir(folder)).sort()
  return Promise.all(
    names.map(async (name) => {
      const facts = await stat(join(folder, name))
      return [name, facts.mtimeMs, facts.isFile() ? (await readFile(join(folder, name))).toString('hex') : null]
    }),
  )
}

describe('a folder that is only read', () => {
  it('gives what a gateway kept, the oldest first', async () => {
    const answers = [stored('a', 3), stored('b', 1), stored('c', 2)]
    for (const answer of answers) await put(answer)
    const keys = (await openReadOnly().load()).map(({ key }) => key)
    expect(keys).toEqual(['b', 'c', 'a'])
    expect(events).toEqual([])
  })

  it('tells of what is damaged, misnamed, too large or no file, and leaves all of it as it was', async () => {
    await put(stored('good', 0))
    await put(stored('large', 0, 9000))
    await writeFile(join(folder, answerFileName('crl', 'damaged')), 'half')
    await writeFile(join(folder, answerFileName('crl', 'other')), writeAnswerFile(stored('misnamed', 0)))
    await symlink('/etc/passwd', join(folder, answerFileName('crl', 'link')))
    await mkdir(join(folder, answerFileName('crl', 'folder')))
    await writeFile(join(folder, `.${'a'.repeat(36)}.tmp`), 'being written')
    const before = await snapshot()
    const open = openReadOnly({ sizeLimitBytes: 800 })
    expect((await open.load()).map(({ key }) => key)).toEqual(['good'])
    open.remove('crl', 'key\n', 'unusable')
    open.save()
    await open.close()
    expect(await snapshot()).toEqual(before)
    expect(
      events.map((event) => (event.kind === 'revocation-file-ignored' ? event.problem : event.kind)).sort(),
    ).toEqual(['damaged', 'misnamed', 'not-a-file', 'not-a-file', 'too-large', 'unusable'])
    const file = answerFileName('crl', 'key\n')
    expect(events.at(-1)).toEqual({ kind: 'revocation-file-ignored', file, problem: 'unusable' })
  })

  it('is not made where there is none, which is no failure', async () => {
    await rm(folder, { recursive: true })
    expect(await openReadOnly().load()).toEqual([])
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
    expect(events).toEqual([])
  })

  it('that cannot be read is told', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(await openReadOnly({}, file).load()).toEqual([])
    expect(events).toEqual([{ kind: 'revocation-folder-failed', action: 'read', code: 'ENOTDIR' }])
  })

  it('costs no more than it may: neither files nor bytes beyond the limits are read', async () => {
    for (const key of ['a', 'b', 'c']) await put(stored(key, 0, 10_000))
    expect(await openReadOnly({ maxFiles: 2 }).load()).toHaveLength(2)
    expect(events).toEqual([])
    expect(await openReadOnly({ maxBytes: 11_000 }).load()).toHaveLength(1)
    expect(events).toMatchObject([{ problem: 'too-large' }, { problem: 'too-large' }])
  })

  it('serves a store that was fed by a gateway, and keeps nothing of what that store learns', async () => {
    const key = 'issuer http://crl.example/issuing.crl'
    await put({
      ...stored(key, 0),
      source: 'crl',
      url: 'http://crl.example/issuing.crl',
      der: bytesOf(paperCrl(START)),
    })
    await put({ ...stored('broken', 0), source: 'crl', der: Buffer.from('{') })
    const before = await snapshot()
    const { store } = openStore({ folder: openReadOnly() })
    await store.load()
    await store.close()
    expect(store.states()).toMatchObject([{ state: 'on-disk', key }])
    expect(events).toMatchObject([{ kind: 'revocation-file-ignored', problem: 'malformed' }])
    expect(await snapshot()).toEqual(before)
  })
})
