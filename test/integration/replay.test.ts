import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { matcherOf, readCommandExamples } from '../docs/command-examples.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs } from '../support/registrant.ts'

const run = promisify(execFile)
const POLICIES = join(ROOT, 'policies')

describe('the audit trail of a gateway', () => {
  let laboratory: Laboratory
  let newer: string

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: POLICIES })
    const gateway = await startLaboratoryGateway(laboratory)
    try {
      const registrant = await laboratory.registrant(SOFTWARE)
      const send = (metadata: Record<string, unknown>) =>
        sendAs(registrant, {
          method: 'POST',
          url: `https://127.0.0.1:${gateway.port}/register`,
          headers: { 'content-type': 'application/json' },
          body: goodRegistration(laboratory, SOFTWARE, new Date(), { metadata }),
        })
      expect((await send({})).status).toBe(201)
      expect((await send({ jwks: { keys: [] } })).status).toBe(400)
      await sendAs(laboratory.nobody, { method: 'GET', url: `https://127.0.0.1:${gateway.port}/register/x` })
    } finally {
      await gateway.stop()
    }
    newer = join(laboratory.folder, 'newer')
    await cp(POLICIES, newer, { recursive: true })
    const file = join(newer, 'open-finance-brasil/policy.yaml')
    const text = await readFile(file, 'utf8')
    const short = text
      .replace('all(u, size(u) <= 255)', 'all(u, size(u) <= 25)')
      .replace('redirect URIs must have at most 255 characters', 'redirect URIs must have at most 25 characters')
    expect(short).toMatch(/size\(u\) <= 25\)[\s\S]*at most 25 characters/)
    await writeFile(file, short)
  })
  afterAll(() => laboratory.stop())

  const replay = async (policy: string, ...options: readonly string[]): Promise<string> => {
    const command = [join(ROOT, 'dist/main.js'), 'replay', join(laboratory.folder, 'audit.jsonl'), '--policy', policy]
    return (await run(process.execPath, [...command, ...options])).stdout
  }

  it('comes out the same by the policy that decided', async () => {
    expect(await replay(join(POLICIES, 'open-finance-brasil'))).toMatch(
      /^2 decisions of open-finance-brasil, .*\n {2}same: 2\n {2}left out, no decision: 1\n {2}left out, not decided by a policy: 1\n$/,
    )
  })

  it('says which decisions another edition would make otherwise, and why, as README.md shows', async () => {
    const [example, ...others] = (await readCommandExamples()).filter(({ command }) => command.startsWith('replay '))
    expect(example?.command).toBe('replay audit.jsonl --policy newer/open-finance-brasil')
    expect(others).toEqual([])
    expect(await replay(join(newer, 'open-finance-brasil'))).toMatch(matcherOf(example?.output ?? ''))
  })

  it('says it to programs, too', async () => {
    const lines = (await replay(join(newer, 'open-finance-brasil'), '--json')).trimEnd().split('\n')
    const whole = JSON.parse(lines.at(-1) ?? '') as unknown
    expect(whole).toMatchObject({
      total: 2,
      outcomes: { 'now refused': 1 },
      nowRefusedBy: { 'redirect-uris-short': 1 },
    })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      outcome: 'now refused',
      findings: [{ rule: 'redirect-uris-short' }],
    })
  })

  it('names what it cannot read', async () => {
    await expect(replay(join(newer, 'none'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--policy: wanted the folder of a policy') as string,
    })
    const command = [join(ROOT, 'dist/main.js'), 'replay', 'no-such-file', '--policy', join(POLICIES, 'rfc7591')]
    await expect(run(process.execPath, command)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('wanted an audit trail, found nothing at no-such-file') as string,
    })
  })
})
