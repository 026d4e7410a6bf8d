import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadCases } from '../../../../src/policy/cases/load-cases.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cases-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function load(text: string): Promise<Awaited<ReturnType<typeof loadCases>>> {
  await writeFile(join(folder, 'cases.yaml'), text)
  return loadCases(folder)
}

describe('loadCases', () => {
  it('reads given facts, approve and reject cases', async () => {
    const text = `
given: { metadata: { client_name: n } }
approve: [{ name: plain }]
reject: [{ name: wrong, metadata: { client_name: null }, rules: [named] }]
`
    const { loaded, faults } = await load(text)
    expect(faults).toEqual([])
    expect(loaded).toMatchObject({
      file: join(folder, 'cases.yaml'),
      cases: {
        given: { metadata: { client_name: 'n' } },
        approve: [{ name: 'plain' }],
        reject: [{ name: 'wrong', metadata: { client_name: null }, rules: ['named'] }],
      },
    })
    expect(loaded?.locate(['reject', 0])).toEqual({ line: 4, column: 10 })
  })

  it('has a fault for a policy without cases', async () => {
    expect(await loadCases(folder)).toEqual({
      loaded: null,
      faults: [
        {
          file: join(folder, 'cases.yaml'),
          line: 0,
          column: 0,
          path: '',
          wanted: 'a cases.yaml beside every policy.yaml',
          found: `nothing at ${join(folder, 'cases.yaml')}`,
        },
      ],
    })
  })

  it.each([
    ['given: {}\napprove: []\nreject: [{ name: x, rules: [] }]', 'reject[0].rules'],
    ['given: {}\napprove: []\nreject: [{ name: x }]', 'reject[0].rules'],
    ['given: {}\napprove: [{ name: x, rules: [a] }]\nreject: []', 'approve[0].rules'],
    ['given: {}\napprove: [{ name: x, expect: { rules: [] } }]\nreject: []', 'approve[0].expect.rules'],
    ['given: { metdata: {} }\napprove: []\nreject: []', 'given.metdata'],
    ['given: { certificate: { bits: 1 } }\napprove: []\nreject: []', 'given.certificate.bits'],
    ['given: {}\napprove: [{ name: x, on: [] }]\nreject: []', 'approve[0].on'],
    ['given: { undeclared: x }\napprove: []\nreject: []', 'given.undeclared'],
    ['given: {}\napprove: [{ name: x, now: today }]\nreject: []', 'approve[0].now'],
    ['approve: []\nreject: []', 'given'],
  ])('has a fault in %j at %s', async (text, path) => {
    const { loaded, faults } = await load(text)
    expect(loaded).toBeNull()
    expect(faults.map((fault) => fault.path)).toEqual([path])
  })
})
