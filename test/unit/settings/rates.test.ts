import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SettingsFolder } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

describe('rates', () => {
  it('are limited by address and certificate unless said otherwise, and not by owner', async () => {
    expect((await files.load()).settings?.rates).toEqual({
      perAddress: { requests: 3000, windowMs: 60_000, ipv6PrefixBits: 64 },
      perCertificate: { requests: 600, windowMs: 60_000 },
      perOwner: null,
    })
  })

  it('are each set by themselves, and unlimited by a word', async () => {
    const rates = { perAddress: { requests: 'unlimited' }, perOwner: { requests: 50, windowMs: 86_400_000 } }
    expect((await files.load({ rates })).settings?.rates).toEqual({
      perAddress: null,
      perCertificate: { requests: 600, windowMs: 60_000 },
      perOwner: { requests: 50, windowMs: 86_400_000 },
    })
  })

  it('are taken as the README writes them', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
    const example = /### How many requests[^]*?```yaml\n([^]*?)```/.exec(readme)?.[1] ?? ''
    expect((await files.load(parse(example) as Record<string, unknown>)).settings?.rates).toEqual({
      perAddress: null,
      perCertificate: { requests: 60, windowMs: 60_000 },
      perOwner: { requests: 1000, windowMs: 86_400_000 },
    })
  })

  it.each<[string, object, string]>([
    [
      'none at all, which could as well mean nobody',
      { perOwner: { requests: 0 } },
      'rates.perOwner.requests: a whole number from 1 to 1000000, or unlimited / 0',
    ],
    [
      'another word',
      { perOwner: { requests: 'none' } },
      'rates.perOwner.requests: a whole number from 1 to 1000000, or unlimited / "none"',
    ],
    [
      'a window in seconds',
      { perCertificate: { windowMs: 60 } },
      'rates.perCertificate.windowMs: a whole number from 1000 to 86400000 / 60',
    ],
    [
      'one prefix for half the Internet',
      { perAddress: { ipv6PrefixBits: 3 } },
      'rates.perAddress.ipv6PrefixBits: a whole number from 32 to 128 / 3',
    ],
  ])('refuse %s', async (_what, rates, fault) => {
    expect(await files.faults({ rates })).toEqual([fault])
  })
})
