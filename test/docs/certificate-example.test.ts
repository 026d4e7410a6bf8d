import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTrustFolder } from '../../src/certificate/trust/load-trust-folder.ts'
import { verifyPresented } from '../../src/certificate/verify-presented.ts'
import { ROOT } from '../architecture/source-files.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'dcr-documented-'))))
afterAll(() => rm(folder, { recursive: true }))

describe('the commands of certs/README.md', () => {
  it('make an authority that can be trusted and a client certificate that it vouches for', async () => {
    const document = await readFile(join(ROOT, 'certs/README.md'), 'utf8')
    const commands = /```sh\n([\s\S]*?)```/.exec(document)?.[1] ?? 'exit 1'
    execFileSync('sh', ['-ec', commands], { cwd: folder, stdio: 'pipe' })
    await mkdir(join(folder, 'trust/roots'), { recursive: true })
    await rename(join(folder, 'root.pem'), join(folder, 'trust/roots/root.pem'))
    const { trust, faults } = await loadTrustFolder('example', join(folder, 'trust'), new Date())
    expect(faults).toEqual([])
    if (trust === null) return expect.unreachable()
    const { raw } = new X509Certificate(await readFile(join(folder, 'client.pem')))
    expect(verifyPresented(raw, [], trust)).toHaveProperty('paths.length', 1)
  })
})
