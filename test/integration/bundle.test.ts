import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadGateway } from '../../src/load-gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs } from '../support/registrant.ts'

const run = promisify(execFile)
const POLICIES = join(ROOT, 'policies')

describe('a gateway that demands signed policies', () => {
  let laboratory: Laboratory
  let bundle: string
  let report: string

  const pack = (folder: string, out: string) =>
    run(process.execPath, [
      join(ROOT, 'dist/main.js'),
      ...['bundle', folder, '--out', out, '--key', join(laboratory.folder, 'regulator.key')],
      ...['--kid', 'regulator-2027', '--signers', join(laboratory.folder, 'signers.jwks')],
    ])

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: POLICIES })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(join(laboratory.folder, 'regulator.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    bundle = join(laboratory.folder, 'policies.bundle')
    report = (await pack(POLICIES, bundle)).stdout
    await laboratory.writeSettings({
      ...laboratory.settings,
      policies: { bundles: [{ file: 'policies.bundle' }], signers: 'signers.jwks' },
    })
  })
  afterAll(() => laboratory.stop())

  const faults = async (): Promise<readonly string[]> => {
    const loaded = await loadGateway(laboratory.configFile, laboratory.environment, new Date())
    return loaded.faults.map(({ file, wanted, found }) => `${file}: ${wanted} / ${found}`)
  }

  it('decides by them, and the audit record carries their hash', async () => {
    const gateway = await startLaboratoryGateway(laboratory)
    try {
      const answer = await sendAs(await laboratory.registrant(SOFTWARE), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        url: `https://127.0.0.1:${gateway.port}/register`,
        body: goodRegistration(laboratory, SOFTWARE, new Date()),
      })
      expect(answer.status).toBe(201)
      const [record] = await readAudit(laboratory)
      const { name, sha256 } = record?.['policy'] as { name: string; sha256: string }
      expect(name).toBe('open-finance-brasil')
      expect(report).toContain(`(${sha256.slice(0, 12)})`)
      expect(report).toContain('signed with ES256 by regulator-2027')
    } finally {
      await gateway.stop()
    }
  })

  it('loads nothing once a byte was changed', async () => {
    const text = await readFile(bundle, 'utf8')
    await writeFile(bundle, text.replace('maxAgeSeconds: 300', 'maxAgeSeconds: 900'))
    expect(await faults()).toContainEqual(expect.stringContaining('a signature that does not match'))
    await writeFile(bundle, text)
    expect(await faults()).toEqual([])
  })

  it('reads no folder beside them', async () => {
    await laboratory.writeSettings({
      ...laboratory.settings,
      policies: { folder: POLICIES, bundles: [{ file: 'policies.bundle' }], signers: 'signers.jwks' },
    })
    expect(await faults()).toEqual([`${laboratory.configFile}: no folder beside bundles / "${POLICIES}"`])
  })

  it('is given none whose cases fail', async () => {
    const folder = join(laboratory.folder, 'changed')
    await cp(POLICIES, folder, { recursive: true })
    const file = join(folder, 'open-finance-brasil/policy.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('PAGTO: [payments]', 'PAGTO: [payments, accounts]'))
    const out = join(laboratory.folder, 'changed.bundle')
    await expect(pack(folder, out)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/✖ open-finance-brasil .*\n[^]*nothing signed/) as string,
    })
    await expect(readFile(out)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
