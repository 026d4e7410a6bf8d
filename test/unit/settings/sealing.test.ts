import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => {
  files = await SettingsFolder.create()
})
afterAll(() => files.remove())

const KEY = randomBytes(32)
const WANTED = '32 bytes as base64url or hex'
const keyFrom = (env: string, id = 'k'): object => ({ id, secret: { env } })

describe('sealing', () => {
  it.each(['hex', 'base64url', 'base64'] as const)(
    'takes a key of 32 bytes as %s, and keeps it as a secret',
    async (encoding) => {
      const { settings } = await files.load({ sealing: { keys: [keyFrom('K')] } }, { K: KEY.toString(encoding) })
      const [key] = settings?.sealing.keys ?? []
      expect(key?.key.reveal()).toBe(KEY.toString('base64url'))
      expect(JSON.stringify(settings)).not.toContain(KEY.toString('base64url'))
    },
  )

  it('keeps the order of its keys: the first one seals', async () => {
    const environment = { NEW: KEY.toString('hex'), OLD: randomBytes(32).toString('hex') }
    const sealing = { keys: [keyFrom('NEW', 'new'), keyFrom('OLD', 'old')] }
    const { settings } = await files.load({ sealing }, environment)
    expect(settings?.sealing.keys.map(({ id }) => id)).toEqual(['new', 'old'])
  })

  it.each([
    ['too short', KEY.subarray(1).toString('hex')],
    ['too long', `${KEY.toString('hex')}00`],
    ['words', 'correct horse battery staple, correct horse'],
  ])('refuses one that is %s, without telling it', async (_, text) => {
    expect(await files.faults({ sealing: { keys: [keyFrom('K')] } }, { K: text })).toEqual([
      `sealing.keys[0].secret: ${WANTED} / something else`,
    ])
  })

  it('demands a key, and an id of its own for each', async () => {
    expect(await files.faults({ sealing: undefined })).toHaveLength(1)
    expect(await files.faults({ sealing: { keys: [] } })).toHaveLength(1)
    const twice = { keys: [keyFrom('K'), keyFrom('K')] }
    expect(await files.faults({ sealing: twice }, { K: KEY.toString('hex') })).toEqual([
      'sealing.keys[1].id: an id of its own / k',
    ])
  })
})
