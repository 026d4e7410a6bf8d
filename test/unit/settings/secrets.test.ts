import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder, SOUND } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const REFERENCE = 'a reference to the secret, { env: NAME } or { file: path }, and never the secret itself'

async function faults(
  initialAccessToken: unknown,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  return files.faults({ upstream: { ...SOUND.upstream, initialAccessToken } }, environment)
}

describe('secrets', () => {
  it('come from a file, without the newline that editors put at its end', async () => {
    for (const [name, content] of Object.entries({ lf: 'hunter2\n', crlf: 'hunter2\r\n', bare: 'hunter2' })) {
      await files.write(name, content)
      const { settings } = await files.load({ upstream: { ...SOUND.upstream, initialAccessToken: { file: name } } })
      expect(settings?.upstream.initialAccessToken?.reveal()).toBe('hunter2')
    }
  })

  it.each([
    ['text', 'hunter2', 'a value that is not shown'],
    ['a number', 4711, 'a value that is not shown'],
    ['a list', ['hunter2'], 'a list of 1'],
    ['a map with other keys', { value: 'hunter2' }, 'a map'],
    ['an empty map', {}, 'an empty map'],
    ['both references', { env: 'TOKEN', file: 'token' }, 'a map'],
  ])('are never written into the settings: %s is refused without printing it', async (_, literal, found) => {
    const refused = await faults(literal)
    expect(refused.filter((fault) => fault.includes(REFERENCE))).toEqual([
      `upstream.initialAccessToken: ${REFERENCE} / ${found}`,
    ])
    expect(refused.join()).not.toMatch(/hunter2|4711/)
  })

  it('are not printed when they stand in place of the name of a variable', async () => {
    expect(await faults({ env: 'hunter 2' })).toEqual([
      'upstream.initialAccessToken.env: the name of an environment variable / a value that is not shown',
    ])
  })

  it('must be there', async () => {
    await files.write('empty', '\n')
    const at = 'upstream.initialAccessToken'
    expect(await faults({ env: 'TOKEN' })).toEqual([`${at}.env: a variable that is set / TOKEN, which is not`])
    expect(await faults({ env: 'TOKEN' }, { TOKEN: '' })).toEqual([`${at}.env: a value / nothing in TOKEN`])
    expect(await faults({ file: 'empty' })).toEqual([`${at}.file: a value / nothing in empty`])
    expect(await faults({ file: 'missing' })).toEqual([`${at}.file: a file / nothing at missing`])
    expect(await faults({ file: 'certs' })).toEqual([`${at}.file: a file / something else at certs`])
  })

  it('are one line of text, so that none becomes a second header and no other file is taken for one', async () => {
    await files.write('lines', 'hunter2\nhunter2\n')
    await files.write('bytes', Buffer.from([0x68, 0xff]))
    await files.write('large', Buffer.alloc(1_048_577, 'a'))
    const at = 'upstream.initialAccessToken.file'
    expect(await faults({ file: 'lines' })).toEqual([
      `${at}: one line of text / several lines or control characters in lines`,
    ])
    expect(await faults({ file: 'bytes' })).toEqual([`${at}: a text file in UTF-8 / other bytes in bytes`])
    expect(await faults({ file: 'large' })).toEqual([`${at}: a file of at most 1048576 bytes / 1048577 bytes in large`])
  })
})
