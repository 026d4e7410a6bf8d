import { execFile, spawn } from 'node:child_process'
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import type { RunningGateway } from '../../src/gateway.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs } from '../support/registrant.ts'

const MAIN = join(ROOT, 'dist/main.js')
let laboratory: Laboratory
let gateway: RunningGateway

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  gateway = await startLaboratoryGateway(laboratory)
  await cp(join(ROOT, 'test/integration/untested-policies'), at('untested'), { recursive: true })
})
afterAll(async () => {
  await gateway.stop()
  await laboratory.stop()
})

const at = (name: string): string => join(laboratory.folder, name)

/** In the folder of the laboratory, without the secrets that the gateway has. */
async function cli(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words], { cwd: laboratory.folder, timeout: 30_000 }, (failure, out, err) =>
      resolve({ code: failure === null ? 0 : Number(failure.code), out, err }),
    )
  })
}

interface Explained {
  readonly verdict: string
  readonly findings: readonly Readonly<Record<string, unknown>>[]
  readonly rules: readonly { readonly id: string; readonly verdict: string }[]
}

describe('dcr-gateway explain', () => {
  it('says of what a registrant sent over TLS exactly what the gateway answered, without the secrets of the gateway', async () => {
    const tpp = await laboratory.registrant(SOFTWARE)
    const metadata = { redirect_uris: ['https://evil.example/cb'], scope: 'openid admin', client_secret: 'hush hush' }
    const body = goodRegistration(laboratory, SOFTWARE, new Date(), { metadata })
    const answer = await sendAs(tpp, { method: 'POST', url: `https://127.0.0.1:${gateway.port}/register`, body })
    await writeFile(at('body.json'), JSON.stringify(body))
    await writeFile(at('tpp.pem'), tpp.certificate ?? '')
    const endpoint = ['-c', 'gateway.yaml', '--endpoint', '/register']
    const { code, out, err } = await cli(
      'explain',
      ...endpoint,
      '--request',
      'body.json',
      '--certificate',
      'tpp.pem',
      '--json',
    )
    expect({ code, err }).toEqual({ code: 1, err: '' })
    const { verdict, findings, rules } = JSON.parse(out) as Explained
    const shown = findings.map(({ rule, reason, at: place, message, wanted, found, clause }) =>
      JSON.stringify({ rule: rule ?? reason, at: place, message, clause, wanted, found }),
    )
    const answered = answer.body['findings'] as Explained['findings']
    expect(answer.status).toBe(400)
    expect(shown).toEqual(
      answered.map(({ rule, at: place, message, wanted, found, clause }) =>
        JSON.stringify({ rule, at: place, message, clause, wanted, found }),
      ),
    )
    expect(verdict).toBe('refused')
    expect(rules.filter((rule) => rule.verdict === 'broken').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['scopes-granted-by-role', 'redirect-uris-within-statement']),
    )
    expect(out).toContain('(not shown)')
    expect(out).not.toContain('hush hush')
  })

  it('ends with 0 for a case that is granted, in plain text without colours where nobody looks', async () => {
    const { code, out } = await cli('explain', '--policy', 'example', '--policies', 'untested', '--case', 'any name')
    expect(out).toContain('\u2714 granted\n')
    expect(out).not.toContain('\u001b')
    expect(code).toBe(0)
  })

  it('reports what is wrong with its files all at once, with the nearest name', async () => {
    await writeFile(at('twice.json'), '{"scope": "a",\n"scope": "b"}')
    await writeFile(at('facts.yaml'), 'subjct: CN=a\n')
    const inputs = ['--request', 'twice.json', '--certificate', 'facts.yaml', '--statement', 'missing.jws']
    const { code, out, err } = await cli('explain', '-c', 'gateway.yaml', ...inputs, '--parameter', 'excessScope=trim')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('did you mean excessScopes?')
    expect(err).toContain('did you mean subject?')
    expect(err).toMatch(
      /twice\.json: 1 fault, nothing explained\n.*twice\.json:2:1 scope: wanted strict JSON, found json-duplicate-member/,
    )
    expect(err).toContain('found nothing at missing.jws')
    const unknown = await cli('explain', '--policy', 'exampel', '--policies', 'untested')
    expect(unknown.err).toContain('did you mean example?')
  })

  it('is called wrongly with a case and a request at once', async () => {
    expect((await cli('explain', '--policy', 'example', '--case', 'x', '--request', 'body.json')).code).toBe(2)
  })
})

describe('dcr-gateway show and diff', () => {
  it('show the same policy in three forms, and what differs between two folders of one policy', async () => {
    const { out } = await cli('show', 'example', '--policies', 'untested', '--json')
    expect(JSON.parse(out)).toMatchObject({ name: 'example', items: [{ section: 'rules', name: 'name-required' }, {}] })
    const markdown = await cli('show', 'example', '--policies', 'untested', '--markdown')
    expect(markdown.out).toContain('## Rules (1)')
    await cp(at('untested/example'), at('later/example'), { recursive: true })
    await appendFile(at('later/example/policy.yaml'), '# nothing but a remark\n')
    expect(await cli('diff', 'untested/example', 'later/example')).toMatchObject({
      code: 0,
      out: expect.stringContaining('the same but for comments and layout') as unknown,
    })
    const changed = await readFile(at('later/example/policy.yaml'), 'utf8')
    await writeFile(at('later/example/policy.yaml'), changed.replace(/version: .*/, 'version: "9"'))
    const { code, out: json } = await cli('diff', 'untested', 'later', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(json)).toMatchObject([
      { name: 'example', same: false, added: [], removed: [], changed: [{ section: 'policy' }] },
    ])
    expect(await cli('diff', 'untested', 'nowhere')).toMatchObject({ code: 2, out: '' })
  }, 60_000)
})

describe('dcr-gateway test', () => {
  it('writes a report that a build server reads as a failure, also for a policy that is not there', async () => {
    expect((await cli('test', 'untested', '--junit', 'report.xml')).code).toBe(1)
    expect(await readFile(at('report.xml'), 'utf8')).toContain(
      '<testsuite name="example" tests="4" failures="2" errors="0">',
    )
    const { code, err } = await cli('test', 'untested', '--policy', 'exampel', '--junit', 'nowhere/report.xml')
    expect(code).toBe(1)
    expect(err).toContain('did you mean example?')
    expect(err).toContain('no report written')
  })

  it('runs again when a file changes, and ends with Ctrl-C', async () => {
    const watching = spawn(process.execPath, [MAIN, 'test', 'untested', '--watch'], { cwd: laboratory.folder })
    let seen = ''
    watching.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()))
    const ended = new Promise((resolve) => watching.on('exit', (code, signal) => resolve({ code, signal })))
    await expect.poll(() => seen, { timeout: 15_000 }).toContain('watching untested, Ctrl-C ends')
    await appendFile(at('untested/example/cases.yaml'), '# saved\n')
    await expect.poll(() => seen.match(/\u2716 example 1:/g)?.length, { timeout: 15_000 }).toBe(2)
    watching.kill('SIGINT')
    expect(await ended).toEqual({ code: 1, signal: null })
  }, 40_000)
})
