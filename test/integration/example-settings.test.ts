import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { writeFaults } from '../../src/document/write-faults.ts'
import { loadGateway } from '../../src/load-gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { mintAuthority, mintClientCertificate, mintServerCertificate } from '../support/mint-certificates.ts'

describe('the example gateway.yaml of the README', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dcr-example-'))
    const authority = await mintAuthority()
    const server = await mintServerCertificate(authority, { dnsNames: ['mtls.bank.example'] })
    const gateway = await mintClientCertificate(authority)
    const files = {
      'server.pem': server.pem,
      'server.key': server.privateKeyPem,
      'internal-ca.pem': authority.pem,
      'gateway.pem': gateway.pem,
      'gateway.key': gateway.privateKeyPem,
      'trust/brasil/roots/root.pem': authority.pem,
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has no faults where its files exist', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const example = /<!-- example: gateway.yaml -->\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const moved = example
      .replaceAll('/etc/dcr-gateway/', `${folder}/`)
      .replaceAll('/opt/dcr-gateway/policies', join(ROOT, 'policies'))
    expect(Object.keys(parse(moved) as object)).toContain('endpoints')
    await writeFile(join(folder, 'gateway.yaml'), stringify(parse(moved)))
    const environment = {
      DCR_INITIAL_ACCESS_TOKEN: 'token',
      DCR_SEALING_KEY: '00'.repeat(32),
      DCR_REDIS_URL: 'rediss://user:password@redis.internal:6379',
    }
    const { plan, faults } = await loadGateway(join(folder, 'gateway.yaml'), environment, new Date())
    expect(writeFaults(faults)).toBe('')
    expect(plan?.endpoints.map(({ path, directories }) => [path, ...directories.map(({ name }) => name)])).toEqual([
      ['/open-finance/register', 'brasil-production'],
    ])
    const olderThanTls13 = plan?.settings.tls.cipherSuites?.filter((suite) => !suite.startsWith('TLS_'))
    // BR-TLS-07: these two and no others for TLS 1.2.
    expect(olderThanTls13).toEqual(['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384'])
    expect(plan?.settings.tls.cipherSuites?.join()).not.toContain('CHACHA20')
  })
})
