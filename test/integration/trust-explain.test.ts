import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCrlServer, type CrlServer } from '../support/crl-server.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChainPem,
  type MintedCertificate,
  type MintOptions,
} from '../support/mint-certificates.ts'
import { mintCrl } from '../support/mint-crl.ts'
import {
  ASKING_POLICY,
  CURRENT,
  dayOf,
  days,
  openTrustLaboratory,
  REVOKED_SERIAL,
  type Outcome,
  type TrustLaboratory,
} from '../support/trust-laboratory.ts'

let laboratory: TrustLaboratory
let server: CrlServer

beforeAll(async () => {
  laboratory = await openTrustLaboratory()
  server = await startCrlServer()
  const { shortCa, present } = laboratory
  server.crls.set('short.crl', mintCrl(shortCa, CURRENT))
  await present('good', await mint({}))
  await present('revoked', await mint({ serialNumber: REVOKED_SERIAL.toString(16) }))
  await present('short', await mintClientCertificate(shortCa, { crlUrls: [`${server.url}short.crl`] }))
})

afterAll(async () => {
  await server.stop()
  await laboratory.stop()
})

const mint = (options: MintOptions): Promise<MintedCertificate> =>
  mintClientCertificate(laboratory.clientIssuer, options)

const explain = (...words: readonly string[]): Promise<Outcome> => laboratory.trust('explain', ...words)
const explainAt = (file: string, ...words: readonly string[]): Promise<Outcome> =>
  explain(file, '--endpoint', '/register', ...words)

/** The verdict and what the path says. */
const told = ({ out }: Outcome): readonly string[] =>
  out.split('\n').filter((line) => /^[✔✖] |reason:|revocation of|path \d/.test(line))

describe('dcr-gateway trust explain', () => {
  it('accepts a good certificate, and ends with 0', async () => {
    const outcome = await explainAt('good.pem')
    expect(outcome).toMatchObject({ code: 0, err: '' })
    expect(told(outcome)).toEqual([
      '  path 1 of 1: holds',
      expect.stringMatching(/revocation of the client: good, by CRL of/) as string,
      expect.stringMatching(/revocation of CN=Sandbox Issuing CA,O=Sandbox,C=BR: good, by CRL of/) as string,
      '✔ /register: accepted',
    ])
  })

  it('tries every folder, and only endpoints count for how it ends', async () => {
    const all = await explain('good.pem')
    expect(all.code).toBe(0)
    expect(told(all).filter((line) => /^[✔✖]/.test(line))).toEqual([
      '✔ /register: accepted',
      '✖ trust staging: refused, client-certificate-issuer-unknown',
    ])
    expect((await explain('good.pem', '--trust', 'staging')).code).toBe(1)
  })

  it.each<[string, string, () => Promise<MintedCertificate>]>([
    ['an expired one', 'client-certificate-expired', () => mint({ notBefore: days(-9), notAfter: days(-2) })],
    [
      'one of a foreign issuer',
      'client-certificate-issuer-unknown',
      async () => mintClientCertificate(await mintAuthority()),
    ],
    [
      'one whose subject would forge a line',
      'client-certificate-subject-invalid',
      () => mint({ subject: [['CN', 'x\n✔ /register: accepted']] }),
    ],
  ])('refuses %s, says why, and ends with 1', async (_, reason, certificate) => {
    await laboratory.present('refused', await certificate())
    const outcome = await explainAt('refused.pem')
    expect(outcome).toMatchObject({ code: 1, err: '' })
    expect(told(outcome).filter((line) => !line.includes('path'))).toEqual([
      expect.stringMatching(new RegExp(`^ +reason: ${reason}$`)) as string,
      `✖ /register: refused, ${reason}`,
    ])
  })

  it('refuses one that a CRL of the folder lists', async () => {
    const outcome = await explainAt('revoked.pem')
    expect(outcome.code).toBe(1)
    expect(told(outcome)[1]).toMatch(/revocation of the client: revoked at \S+, keyCompromise, by CRL$/)
    expect(told(outcome).at(-1)).toBe('✖ /register: refused, client-certificate-revoked')
  })

  it('says how it will stand at another time', async () => {
    const outcome = await explainAt('short.pem', '--at', dayOf(days(8)))
    expect(outcome.code).toBe(1)
    expect(outcome.out).toMatch(/✖ held intermediate CN=Short CA\n {6}valid until \S+, expired \d days ago\n/)
    expect(told(outcome).at(-1)).toBe('✖ /register: refused, client-certificate-issuer-expired')
  })

  it('asks nobody unless it is told to, and then keeps nothing', async () => {
    const offline = await explainAt('short.pem')
    expect(offline.code).toBe(1)
    expect(offline.out).toContain('--ask asks the sources')
    expect(told(offline).at(-1)).toBe('✖ /register: refused, client-certificate-revocation-unknown')
    expect(server.asked).toEqual([])
    const online = await explainAt('short.pem', '--ask')
    expect(online).toMatchObject({ code: 0, err: '' })
    expect(server.asked).toEqual(['short.crl'])
    await expect(readdir(join(laboratory.folder, 'revocation'))).rejects.toThrow('ENOENT')
  })

  it('takes what a gateway keeps on disk, as long as it is current', async () => {
    const der = server.crls.get('short.crl') ?? Buffer.alloc(0)
    await laboratory.keep(laboratory.shortCa, der, `${server.url}short.crl`)
    const kept = await explainAt('short.pem')
    expect(kept).toMatchObject({ code: 0, err: '' })
    await laboratory.keep(
      laboratory.shortCa,
      mintCrl(laboratory.clientRoot, { ...CURRENT, issuerName: [['CN', 'Short CA']] }),
      `${server.url}short.crl`,
    )
    const forged = await explainAt('short.pem')
    expect(forged.code).toBe(1)
    expect(forged.err).toMatch(/^kept, but of no use: [0-9a-f]{64}\.answer is unusable\n$/)
    expect(await readdir(join(laboratory.folder, 'revocation/sandbox'))).toHaveLength(1)
    await rm(join(laboratory.folder, 'revocation'), { recursive: true })
  })

  it('reads certificates alone from a file that holds a key as well, and prints nothing of that', async () => {
    const certificate = await mint({})
    await laboratory.put('bundle.pem', certificate.privateKeyPem + presentedChainPem(certificate))
    const { code, out } = await explain('bundle.pem')
    expect(code).toBe(0)
    expect(out).not.toContain(certificate.privateKeyPem.split('\n')[1])
  })

  it('reports what it cannot read, together with the faults of the gateway', async () => {
    await laboratory.put('none.pem', 'no certificate')
    await laboratory.put('half.pem', `comment\n${(await mint({})).pem.slice(0, 200)}`)
    for (const [file, fault] of [
      ['none.pem', 'wanted PEM certificates, found none'],
      ['half.pem', 'half.pem:2:1: wanted base64 up to the END line, found a block that is cut off or damaged'],
      ['away.pem', 'wanted a readable file, found nothing at away.pem'],
    ] as const)
      expect(await explain(file)).toEqual({
        ...{ code: 1, out: '', err: `${file}: 1 fault, nothing explained\n  ✖ ${fault}\n` },
      })
    await laboratory.put('policies/bank/policy.yaml', `${ASKING_POLICY}rulez: []\n`)
    const { code, err } = await explain('away.pem')
    await laboratory.put('policies/bank/policy.yaml', ASKING_POLICY)
    expect(code).toBe(1)
    expect(err).toContain('did you mean rules?')
    expect(err).toContain('away.pem: 1 fault')
  })

  it('says what is wrong with its own arguments', async () => {
    expect(await explain('good.pem', '--trust', 'sandbx')).toEqual({
      ...{ code: 1, out: '' },
      err: 'gateway.yaml: 1 fault, nothing explained\n  ✖ --trust: wanted sandbox or staging, found sandbx; did you mean sandbox?\n',
    })
    for (const words of [
      ['--at', 'tomorrow'],
      ['--ask', '--at', '2027-01-01'],
      ['--trust', 'sandbox', '--endpoint', '/register'],
    ])
      expect(await explain('good.pem', ...words)).toMatchObject({ code: 2, out: '' })
  })
})
