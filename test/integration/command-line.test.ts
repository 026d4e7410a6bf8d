import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { ROOT } from '../architecture/source-files.ts'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { openLaboratory, type Laboratory } from '../support/laboratory.ts'
import { mintAuthority } from '../support/mint-certificates.ts'
import { sendAs } from '../support/registrant.ts'

const run = promisify(execFile)
const MAIN = join(ROOT, 'dist/main.js')

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function cli(
  arguments_: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(process.execPath, [MAIN, ...arguments_], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      timeout: 30_000,
    })
    return { code: 0, out: stdout, err: stderr }
  } catch (failure) {
    const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

const BANK = { path: '/register', policy: 'bank', trustedIssuers: 'sandbox' }
const BROKEN_POLICY = `apiVersion: dcr-gateway/v1
name: bank
version: '1'
title: A bank
source: the bank
members: { client_name: string }
rules:
  - { id: name, title: t, message: m, require: metadata.client_nam != "" }
`

describe('dcr-gateway on the command line', () => {
  let laboratory: Laboratory

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  })
  afterAll(() => laboratory.stop())

  it('serves until SIGTERM and then ends with 0, and renews on SIGHUP', async () => {
    const gateway = await startGatewayProcess(laboratory.configFile, laboratory.environment)
    const answer = await sendAs(laboratory.nobody, {
      method: 'GET',
      url: `https://127.0.0.1:${gateway.port}/register/abc`,
    })
    expect(answer.status).toBe(401)
    gateway.process.kill('SIGHUP')
    await expect.poll(() => gateway.log.length, { timeout: 10_000 }).toBe(2)
    expect(await gateway.stop()).toBe(0)
    expect(gateway.log.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'started',
      'renewed',
      'signal',
      'drained',
    ])
    expect(gateway.log.join('\n')).not.toContain(laboratory.environment['DCR_INITIAL_ACCESS_TOKEN'])
  })

  it('checks settings, trust folders and policies without starting', async () => {
    const { code, out } = await cli(['check', '--config', laboratory.configFile], laboratory.environment)
    const changes = ['jwks-one-way', 'jwks-public-keys-only', 'jwks-keys-whole'].map(
      (rule) =>
        `${ROOT}/policies/open-finance-brasil/policy.yaml:10: open-finance-brasil switches off ${rule} of rfc7591\n`,
    )
    expect(code).toBe(0)
    expect(out.startsWith(changes.join(''))).toBe(true)
    expect(out.slice(changes.join('').length)).toMatch(
      /^(?:\S+: open-finance-brasil overrides \S+ of rfc7591\n)*\/register: policy open-finance-brasil 1\.0-id3 \([0-9a-f]{12}\), certificates of sandbox, statements of demo\n {2}at any host, [^\n]+\n {2}takes [^\n]+\nno faults\n$/,
    )
  })

  it('says of a warning that it is one, and that nothing was found besides', async () => {
    const { pem } = await mintAuthority({
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    })
    const file = join(laboratory.folder, 'trust/sandbox/roots/old.pem')
    await writeFile(file, pem)
    const { code, out, err } = await cli(['check', '--config', laboratory.configFile], laboratory.environment)
    await rm(file)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /old\.pem: 1 warning\n {2}⚠ [^\n]+\n(?:[^\n]+\n)*\/register: [^\n]+\n {2}at [^\n]+\n {2}takes [^\n]+\n1 warning, no faults\n$/,
    )
  })

  it.each(['serve', 'check'])('%s reports every fault of the settings at once and starts nothing', async (command) => {
    const file = join(laboratory.folder, 'faulty.yaml')
    const settings = parse(stringify(laboratory.settings)) as Record<string, Record<string, unknown>>
    await writeFile(
      file,
      stringify({
        ...settings,
        listen: { ...settings['listen'], port: 'https' },
        tls: { certificateFile: 'missing.pem', privateKeyFile: 'server.key' },
        endpoints: [{ path: '/register', polcy: 'x', trustedIssuers: 'sandbx' }],
      }),
    )
    const { code, out, err } = await cli([command, '--config', file])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    for (const wanted of [
      'listen.port',
      'tls.certificateFile',
      'did you mean policy?',
      'did you mean sandbox?',
      'DCR_INITIAL_ACCESS_TOKEN',
    ])
      expect(err).toContain(wanted)
    expect(err).toMatch(command === 'serve' ? /5 faults, nothing started/ : /5 faults, none of it may be served/)
  })

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown policy',
      { policy: 'open-finance-brazil' },
      'endpoints[0].policy: wanted the name of a policy, found open-finance-brazil; did you mean open-finance-brasil?',
    ],
    ['an unknown directory', { directories: ['brasil-prodution'] }, 'did you mean brasil-production?'],
    [
      'no directory where statements are demanded',
      { directories: undefined },
      'wanted directories of software statements: brasil-production, brasil-sandbox, demo, found none',
    ],
    ['an unknown parameter', { parameters: { excessScope: 'trim' } }, 'did you mean excessScopes?'],
    [
      'a parameter value the policy does not allow',
      { parameters: { excessScopes: 'keep' } },
      'wanted one of reject, trim, found "keep"',
    ],
  ])('refuses an endpoint with %s', async (_, change, report) => {
    const [endpoint] = laboratory.settings['endpoints'] as readonly object[]
    const file = join(laboratory.folder, 'endpoint.yaml')
    await writeFile(file, stringify({ ...laboratory.settings, endpoints: [{ ...endpoint, ...change }] }))
    const { code, err } = await cli(['check', '--config', file], laboratory.environment)
    expect(code).toBe(1)
    expect(err).toContain(report)
  })

  it.each(['serve', 'check'])('%s starts nothing over a fault of a policy, and says where it is', async (command) => {
    const policies = join(laboratory.folder, 'broken-policies')
    await mkdir(join(policies, 'bank'), { recursive: true })
    await writeFile(join(policies, 'bank/policy.yaml'), BROKEN_POLICY)
    const file = join(laboratory.folder, 'broken-policy.yaml')
    await writeFile(file, stringify({ ...laboratory.settings, policies: { folder: policies }, endpoints: [BANK] }))
    const { code, out, err } = await cli([command, '--config', file], laboratory.environment)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/bank\/policy\.yaml: 1 fault, .*\n.*policy\.yaml:8:57 .*client_nam.*did you mean client_name\?/)
  })

  it.each(['serve', 'check'])(
    '%s starts nothing over a trust folder that holds none, and says which',
    async (command) => {
      const trust = join(laboratory.folder, 'empty-trust')
      await mkdir(join(trust, 'roots'), { recursive: true })
      await writeFile(join(trust, 'roots/notes.pem'), 'no certificate')
      const file = join(laboratory.folder, 'broken-trust.yaml')
      await writeFile(file, stringify({ ...laboratory.settings, trust: { sandbox: trust } }))
      const { code, out, err } = await cli([command, '--config', file], laboratory.environment)
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toContain('empty-trust/roots/notes.pem')
      expect(err).not.toContain('started"')
    },
  )

  it('refuses two endpoints with different policies before one identity server', async () => {
    const [endpoint] = laboratory.settings['endpoints'] as readonly object[]
    const file = join(laboratory.folder, 'two.yaml')
    const endpoints = [endpoint, { ...endpoint, path: '/lax', policy: 'rfc7591' }]
    await writeFile(file, stringify({ ...laboratory.settings, endpoints }))
    const { code, err } = await cli(['check', '--config', file], laboratory.environment)
    expect(code).toBe(1)
    expect(err).toContain('endpoints[1].policy: wanted the policy, parameters and directories of endpoints[0]')
  })

  it('ends with 1 and serves nobody when a port is taken', async () => {
    const first = await startGatewayProcess(laboratory.configFile, laboratory.environment)
    const file = join(laboratory.folder, 'taken.yaml')
    const operations = { host: '127.0.0.1', port: first.operationsPort }
    await writeFile(file, stringify({ ...laboratory.settings, operations }))
    const { code, err } = await cli(['serve', '--config', file], laboratory.environment)
    expect(code).toBe(1)
    expect(err).toContain('start-failed')
    await writeFile(
      file,
      stringify({ ...laboratory.settings, listen: { ...(laboratory.settings['listen'] as object), port: first.port } }),
    )
    expect((await cli(['serve', '--config', file], laboratory.environment)).code).toBe(1)
    await first.stop()
  })

  it('tests the policies in a folder', async () => {
    const { code, out } = await cli(['test', 'policies'])
    expect(code).toBe(0)
    expect(out).toMatch(/^(✔ [a-z0-9-]+ .* cases as they should\n){3,}$/)
    expect(out).toMatch(/^✔ rfc7591 /m)
  })

  it('fails the test of a policy for a case that comes out otherwise and for a rule without cases', async () => {
    const { code, out } = await cli(['test', join(ROOT, 'test/integration/untested-policies')])
    expect(code).toBe(1)
    expect(out.replaceAll(`${ROOT}/`, '')).toBe(
      [
        '✖ example 1: 1 rule, 1 of 2 cases as they should',
        '  ✖ test/integration/untested-policies/example/cases.yaml:5 approve[1] a client without name (create): wanted approval; found name-required',
        '  ✖ rule name-required has not a refusing case',
        '',
      ].join('\n'),
    )
  })

  it('reports the faults of a policy and those of its cases together, and runs none', async () => {
    const folder = join(laboratory.folder, 'faulty-policies')
    await mkdir(join(folder, 'example'), { recursive: true })
    const example = join(ROOT, 'test/integration/untested-policies/example')
    const policy = await readFile(join(example, 'policy.yaml'), 'utf8')
    await writeFile(join(folder, 'example/policy.yaml'), policy.replace('metadata.client_name', 'metadata.clientname'))
    await writeFile(join(folder, 'example/cases.yaml'), 'given: {}\napprove: []\nrejects: []\n')
    const { code, out, err } = await cli(['test', folder])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(
      /policy\.yaml: 1 fault, not tested\n.*policy\.yaml:\d+:\d+ rules\[0\]\.require: .*did you mean client_name\?/,
    )
    expect(err).toMatch(/cases\.yaml: 1 fault, not tested\n.*cases\.yaml:3:1 rejects: .*did you mean reject\?/)
  })

  it.each([
    ['a policy itself', 'policies/rfc7591', 'this is a policy itself; name the folder above it'],
    ['a folder of other things', 'test/unit/json', 'found no folder in it'],
    ['a folder that is not there', 'polices', 'found nothing at polices'],
  ])('never passes the test of %s without having tested anything', async (_, folder, report) => {
    expect(await cli(['test', folder])).toEqual({ code: 1, out: '', err: expect.stringContaining(report) as unknown })
  })

  it('says which version it is, and prints the schemas for editors', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(await cli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
    const { code, out } = await cli(['schema', 'policy'])
    expect(code).toBe(0)
    expect(out).toBe(await readFile(join(ROOT, 'policies/policy.schema.json'), 'utf8'))
  })

  it('says what is wrong with its own arguments', async () => {
    expect((await cli(['serve'])).code).toBe(2)
    expect((await cli(['dance'])).code).toBe(2)
  })
})
