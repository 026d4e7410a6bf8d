import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder, SOUND } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const ORIGIN = 'an https origin such as https://dcr.bank.example, without a path'

describe('listen', () => {
  it.each([
    ['http', 'http://dcr.bank.example'],
    ['a path', 'https://dcr.bank.example/dcr'],
    ['a query', 'https://dcr.bank.example?a=b'],
    ['a fragment', 'https://dcr.bank.example#a'],
    ['a user name', 'https://joe@dcr.bank.example'],
    ['no scheme', 'dcr.bank.example'],
  ])('refuses a public URL with %s', async (_, publicUrl) => {
    expect(await files.faults({ listen: { publicUrl } })).toEqual([`listen.publicUrl: ${ORIGIN} / "${publicUrl}"`])
  })

  it('brings the public URL into the form of an origin', async () => {
    const { settings } = await files.load({ listen: { publicUrl: 'https://DCR.bank.example:443/' } })
    expect(settings?.listen.publicUrl).toBe('https://dcr.bank.example')
  })

  it('takes any free port for 0, and no port above 65535', async () => {
    const { settings } = await files.load({ listen: { ...SOUND.listen, port: 0, host: '::1' } })
    expect(settings?.listen).toMatchObject({ port: 0, host: '::1' })
    expect(await files.faults({ listen: { ...SOUND.listen, port: 65_536 } })).toHaveLength(1)
  })

  it('refuses hosts that are neither names nor addresses', async () => {
    expect(await files.faults({ listen: { ...SOUND.listen, host: 'a b' } })).toEqual([
      'listen.host: a host name or an IP address / "a b"',
    ])
  })
})

describe('trust', () => {
  it('gives absolute folders', async () => {
    const { settings } = await files.load()
    expect(settings?.trust).toEqual({ sandbox: `${files.folder}/certs/sandbox` })
  })

  it('refuses folders that are not there, or are files', async () => {
    expect(await files.faults({ trust: { sandbox: 'certs/none', other: 'ca.pem' } })).toEqual([
      'trust.sandbox: a folder / nothing at certs/none',
      'trust.other: a folder / something else at ca.pem',
    ])
  })

  it('refuses to trust nobody', async () => {
    expect(await files.faults({ trust: {}, endpoints: [] })).toContain(
      'trust: at least one folder of trusted issuers / an empty map',
    )
  })

  it('refuses names that could not stand in a URL or an audit record as they are', async () => {
    expect(await files.faults({ trust: { sandbox: 'certs/sandbox', 'a b': 'certs/sandbox' } })).toEqual([
      'trust["a b"]: a name of lower-case letters, digits and hyphens / a b',
    ])
  })
})

describe('directories', () => {
  const directory = { issuers: ['Directory issuer'], jwksUri: 'https://keys.example/jwks' }

  it('are read with their authorities', async () => {
    const { settings } = await files.load({ directories: { one: directory, two: { ...directory, caFile: 'ca.pem' } } })
    expect(settings?.directories).toEqual([
      {
        ...{ name: 'one', issuers: directory.issuers, claims: {} },
        keys: { kind: 'address', uri: directory.jwksUri, ca: null },
      },
      {
        ...{ name: 'two', issuers: directory.issuers, claims: {} },
        keys: { kind: 'address', uri: directory.jwksUri, ca: files.authority.pem },
      },
    ])
  })

  it('must have an issuer, https for their keys and readable authorities', async () => {
    const wrong = { a: { ...directory, issuers: [] }, b: { ...directory, jwksUri: 'http://keys.example' } }
    expect(await files.faults({ directories: wrong })).toEqual([
      'directories.a.issuers: a list of at least 1, each entry text of 1 to 500 characters / an empty list',
      'directories.b.jwksUri: an https URL without credentials or fragment / "http://keys.example"',
    ])
    expect(await files.faults({ directories: { a: { ...directory, caFile: 'server.key' } } })).toEqual([
      'directories.a.caFile: PEM certificates / none, or one that cannot be read',
    ])
  })
})

describe('policies, audit, log and operations', () => {
  it.each([
    ['in no folder', 'logs/audit.jsonl', 'a file in a folder that exists / nothing at logs'],
    ['in no folder of the kernel', '/proc/nope/audit.jsonl', 'a file in a folder that exists / nothing at /proc/nope'],
    ['in a file', 'server.pem/audit.jsonl', 'a file in a folder that exists / something else at server.pem'],
    ['that is a folder', 'certs', 'a file / something else at certs'],
  ])('refuse an audit trail %s, without making anything', async (_case, file, fault) => {
    expect(await files.faults({ audit: { file } })).toEqual([`audit.file: ${fault}`])
    expect(await readdir(files.folder)).not.toContain('logs')
  })

  it('refuse an audit trail that cannot be written, with the line that names it', async () => {
    const [fault, ...others] = await files.faults({ audit: { file: '/proc/self/audit.jsonl' } })
    // Even the superuser cannot write there; others lack the right as well.
    expect(fault).toMatch(/^audit\.file: a file that the gateway may write \/ E(?:PERM|ACCES|ROFS) at \/proc\/self$/)
    expect(others).toEqual([])
    const { faults } = await files.load({ audit: { file: '/proc/self/audit.jsonl' } })
    expect(faults[0]?.line).toBeGreaterThan(0)
  })

  it('take an audit trail that exists, and files that are none such as a terminal', async () => {
    await files.write('old.jsonl', '{}\n')
    expect(await files.faults({ audit: { file: 'old.jsonl' } })).toEqual([])
    expect(await files.faults({ audit: { file: '/dev/null' } })).toEqual([])
  })

  it('have defaults', async () => {
    const { settings } = await files.load()
    expect(settings).toMatchObject({
      policies: { folder: `${files.folder}/policies` },
      audit: { file: 'stdout' },
      log: { level: 'info' },
      operations: { host: '127.0.0.1', port: 9090 },
    })
  })

  it('start at the folder of the settings file', async () => {
    const { settings } = await files.load({ policies: { folder: 'certs' }, audit: { file: 'audit.jsonl' } })
    expect(settings).toMatchObject({
      policies: { folder: `${files.folder}/certs` },
      audit: { file: `${files.folder}/audit.jsonl` },
    })
  })

  it('refuse a folder of policies that is not there', async () => {
    expect(await files.faults({ policies: { folder: 'none' } })).toEqual([
      'policies.folder: a folder / nothing at none',
    ])
  })

  it.each([
    ['the same address', '127.0.0.1', '127.0.0.1'],
    ['every address for registrants', '0.0.0.0', '127.0.0.1'],
    ['every address for operations', '127.0.0.1', '::'],
  ])('refuse one port for registrants and operations on %s', async (_, host, operationsHost) => {
    const sections = { listen: { ...SOUND.listen, host, port: 9000 }, operations: { host: operationsHost, port: 9000 } }
    expect(await files.faults(sections)).toEqual(['operations.port: a port other than listen.port / 9000'])
  })

  it('take one port on two addresses, and free ports on one', async () => {
    const listen = { ...SOUND.listen, host: '10.0.0.1', port: 9000 }
    expect(await files.faults({ listen, operations: { host: '127.0.0.1', port: 9000 } })).toEqual([])
    expect(await files.faults({ listen: { ...listen, host: '127.0.0.1', port: 0 }, operations: { port: 0 } })).toEqual(
      [],
    )
  })
})

describe('limits', () => {
  it('have defaults, each of which can be changed alone', async () => {
    const { settings } = await files.load({ limits: { bodyLimitBytes: 1000 } })
    expect(settings?.limits).toEqual({
      handshakeTimeoutMs: 10_000,
      headersTimeoutMs: 10_000,
      headerLimitBytes: 16_384,
      bodyTimeoutMs: 10_000,
      bodyLimitBytes: 1000,
      answerTimeoutMs: 30_000,
      idleTimeoutMs: 60_000,
      maxConnections: 2000,
      presentedCertificates: 10,
      jsonDepth: 8,
      jsonValues: 2000,
      statementLimitBytes: 32_768,
      drainTimeoutMs: 15_000,
    })
  })

  it('cannot be switched off', async () => {
    expect(
      await files.faults({ limits: { bodyLimitBytes: 0, bodyTimeoutMs: 0, maxConnections: 0, jsonDepth: 0 } }),
    ).toHaveLength(4)
  })

  it('leave the identity server the time it may take', async () => {
    expect(
      await files.faults({ limits: { answerTimeoutMs: 10_000 }, state: { kind: 'memory', reservationTtlMs: 9999 } }),
    ).toEqual([
      'limits.answerTimeoutMs: more than upstream.timeoutMs (10000) / 10000',
      'state.reservationTtlMs: more than upstream.timeoutMs (10000) / 9999',
    ])
    expect(await files.faults({ limits: { answerTimeoutMs: 10_001 } })).toEqual([])
  })
})
