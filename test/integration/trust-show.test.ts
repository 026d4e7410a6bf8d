import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerFileName } from '../../src/certificate/revocation/store/answer-file.ts'
import { mintCrl } from '../support/mint-crl.ts'
import { CURRENT, dayOf, days, openTrustLaboratory, type TrustLaboratory } from '../support/trust-laboratory.ts'

let laboratory: TrustLaboratory

beforeAll(async () => {
  laboratory = await openTrustLaboratory()
})

afterAll(() => laboratory.stop())

/** Of one issuer, by its name. */
function section(out: string, name: string): readonly string[] {
  const lines = out.split('\n')
  const start = lines.findIndex((line) => line.startsWith('  ') && line.includes(`: ${name}`))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('    '))
  return lines.slice(start, end).map((line) => line.trim())
}

describe('dcr-gateway trust show', () => {
  it('has every folder and every issuer, with its lists', async () => {
    const { code, out, err } = await laboratory.trust('show')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n').filter((line) => /^trust|used by|issuers?$|kept in/.test(line))).toEqual([
      `trust sandbox: ${laboratory.folder}/trust/sandbox`,
      '  used by: /register',
      `  answers are kept in: ${laboratory.folder}/revocation/sandbox`,
      '  3 issuers',
      `trust staging: ${laboratory.folder}/trust/staging`,
      '  used by: no endpoint',
      `  answers are kept in: ${laboratory.folder}/revocation/staging`,
      '  1 issuer',
    ])
    const issuing = section(out, 'CN=Sandbox Issuing CA,O=Sandbox,C=BR')
    expect(issuing[0]).toBe('held intermediate: CN=Sandbox Issuing CA,O=Sandbox,C=BR')
    expect(issuing[1]).toMatch(/^valid until \S+Z, 36[45] days left$/)
    expect(issuing.slice(-2)).toEqual([
      'CRL: in crls/, 24 hours old, next update in 9 days, 1 entry',
      'OCSP: no answers kept',
    ])
    expect(section(out, 'CN=Short CA')[1]).toMatch(/, 4 days left$/)
    expect(section(out, 'CN=Short CA').slice(-2)).toEqual(['CRL: none', 'OCSP: no answers kept'])
  })

  it('says of an issuer that expires how it stands then, and of a list that it is overdue', async () => {
    const { code, out } = await laboratory.trust('show', '--at', dayOf(days(12)))
    expect(code).toBe(0)
    expect(section(out, 'CN=Short CA')[1]).toMatch(/, expired \d days ago$/)
    expect(section(out, 'CN=Sandbox Root CA')[5]).toMatch(
      /^CRL: in crls\/, 12 days old, next update overdue for \d+ (hours|minutes), 0 entries$/,
    )
  })

  it('has what a gateway keeps on disk, and leaves it as it is, damaged files too', async () => {
    await laboratory.keep(laboratory.clientIssuer, mintCrl(laboratory.clientIssuer, CURRENT))
    await laboratory.put(`revocation/sandbox/${answerFileName('crl', 'x')}`, 'half')
    const before = await readdir(join(laboratory.folder, 'revocation'), { recursive: true })
    const { out } = await laboratory.trust('show')
    expect(section(out, 'CN=Sandbox Issuing CA').at(-2)).toBe(
      'CRL: kept from http://crl.example/kept.crl, 24 hours old, next update in 9 days, 0 entries',
    )
    expect(out).toContain(`  kept, but of no use: ${answerFileName('crl', 'x')} is damaged\n`)
    expect(await readdir(join(laboratory.folder, 'revocation'), { recursive: true })).toEqual(before)
    await rm(join(laboratory.folder, 'revocation'), { recursive: true })
  })

  it('reports every fault of every folder at once, and shows nothing', async () => {
    await laboratory.put('trust/sandbox/intermediate/a.pem', '')
    await laboratory.put('trust/staging/roots/broken.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n')
    const { code, out, err } = await laboratory.trust('show')
    await rm(join(laboratory.folder, 'trust/sandbox/intermediate'), { recursive: true })
    await rm(join(laboratory.folder, 'trust/staging/roots/broken.pem'))
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/sandbox\/intermediate: 1 fault, nothing shown\n.*did you mean intermediates\?\n/)
    expect(err).toMatch(/broken\.pem: 1 fault, nothing shown\n.*broken\.pem:1:1: wanted base64 up to the END line/)
  })

  it('reports the faults of the settings', async () => {
    await laboratory.writeSettings({ ...laboratory.settings, trust: { sandbox: 'trust/sandbx' } })
    const { code, out, err } = await laboratory.trust('show')
    await laboratory.writeSettings(laboratory.settings)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('trust.sandbox: wanted')
  })
})
