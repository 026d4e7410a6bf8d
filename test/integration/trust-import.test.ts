import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { mintAuthority, mintSelfSigned, type MintedCertificate } from '../support/mint-certificates.ts'
import { signTrustedList, SERVICE_TYPE, writeTrustedList, type ListOptions } from '../support/mint-trusted-list.ts'

const run = promisify(execFile)
const DATES = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2029-01-01T00:00:00Z') }
const AT = '2026-11-26'

let folder: string
let operator: MintedCertificate
let webCa: MintedCertificate

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-import-'))
  operator = await mintSelfSigned({ subject: [['CN', 'Scheme Operator']], keyType: 'rsa', keyLabel: 'list', ...DATES })
  webCa = await mintAuthority({ subject: [['CN', 'Web CA']], issuer: await mintAuthority(DATES), ...DATES })
  await writeFile(join(folder, 'operator.pem'), operator.pem)
})

afterAll(() => rm(folder, { recursive: true }))

async function put(name: string, options: ListOptions = {}, signer = operator): Promise<void> {
  const web = { name: 'Websites \u001b[31m', certificates: [webCa.der] }
  const providers = {
    'Trust NV': [web, { ...web, name: 'Seals', purposes: ['ForeSeals'] }, { ...web, status: 'withdrawn' }],
    'Zegel BV': [
      { ...web, name: 'Stamps', type: `${SERVICE_TYPE}TSA/QTST` },
      { ...web, name: 'Cut off', certificates: ['MIIB'] },
      { ...web, name: 'Websites again' },
    ],
  }
  // No document may hold the escape character, so that the name brings one of the format characters that it may.
  const list = writeTrustedList({ providers, ...options }).replaceAll('\u001b[31m', '\u202e')
  await writeFile(join(folder, name), signTrustedList(list, signer))
}

async function importList(
  name: string,
  ...more: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const words = ['trust', 'import', name, '--signer', 'operator.pem', '--into', 'certs/be', '--at', AT, ...more]
  try {
    const { stdout, stderr } = await run(process.execPath, [join(ROOT, 'dist/main.js'), ...words], { cwd: folder })
    return { code: 0, out: stdout, err: stderr }
  } catch (failure) {
    const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('dcr-gateway trust import', () => {
  it('writes the trust folder and tells whom it holds, and what was left out and why', async () => {
    await put('be.xml')
    const { code, out, err } = await importList('be.xml')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(
      [
        'list 7 of BE, Scheme Operator, issued 2026-10-01, next update 2027-03-31',
        '',
        'territory  provider  service                 subject    valid until',
        'BE         Trust NV  Websites \\u{202e} (+1)  CN=Web CA  2029-01-01',
        '',
        'certs/be: 1 root of 2 services, out of 6 in the list',
        'left out 1 granted for other purposes',
        'left out 1 not granted',
        'left out 1 of another type',
        'left out 1 with a malformed certificate',
        '  Zegel BV, Cut off: not ASN.1',
        '',
      ].join('\n'),
    )
    expect((await readdir(join(folder, 'certs/be'), { recursive: true })).sort()).toEqual([
      'imported.json',
      'roots',
      expect.stringMatching(/^roots\/be-websites-[0-9a-f]{16}\.pem$/),
    ])
  })

  it('replaces its own work by a newer list, and refuses an older one', async () => {
    await put('newer.xml', { sequenceNumber: 8, issued: '2026-11-01T00:00:00Z' })
    expect((await importList('newer.xml')).code).toBe(0)
    const { code, out, err } = await importList('be.xml')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(
      'be.xml: 1 fault, nothing imported\n' +
        '  ✖ wanted sequence number 8 of 2026-11-01T00:00:00.000Z or a later one, found 7 of 2026-10-01T00:00:00.000Z; fetch the current list; --allow-older takes this one all the same\n',
    )
    expect(JSON.parse(await readFile(join(folder, 'certs/be/imported.json'), 'utf8'))).toMatchObject({
      sequenceNumber: 8,
    })
    expect((await importList('be.xml', '--allow-older')).code).toBe(0)
  })

  it('imports nothing of a list by somebody else, and leaves the folder as it was', async () => {
    const impostor = await mintSelfSigned({ subject: [['CN', 'Scheme Operator']], ...DATES })
    await put('forged.xml', { sequenceNumber: 9 }, impostor)
    const { code, err } = await importList('forged.xml')
    expect(code).toBe(1)
    expect(err).toMatch(
      /^forged.xml: 1 fault, nothing imported\n {2}✖ Signature: wanted a signature by CN=Scheme Operator/,
    )
    expect(JSON.parse(await readFile(join(folder, 'certs/be/imported.json'), 'utf8'))).toMatchObject({
      sequenceNumber: 7,
    })
  })

  it('reports files that cannot be read, and says what is wrong with its own arguments', async () => {
    const { code, err } = await importList('none.xml')
    expect({ code, err }).toEqual({
      code: 1,
      err: 'none.xml: 1 fault, nothing imported\n  ✖ wanted a readable file, found ENOENT\n',
    })
    for (const words of [
      ['--for', 'mail'],
      ['--service-type', 'x'],
      ['--at', 'tomorrow'],
    ])
      expect(await importList('be.xml', ...words)).toMatchObject({ code: 2, out: '' })
  })
})
