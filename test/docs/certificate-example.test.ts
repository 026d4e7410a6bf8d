import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTrustFolder } from '../../src/certificate/trust/load-trust-folder.ts'
import { createClientIdentification } from '../../src/certificate/identify-client.ts'
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
    const identify = createClientIdentification({ demand: { required: true }, trust, presentedLimit: 2 })
    const { raw } = new X509Certificate(await readFile(join(folder, 'client.pem')))
    const client = identify({ address: '', tlsVersion: 'TLSv1.3', presented: [raw] }, new Date())
    expect(client?.trust).toBe('example')
  })
})
