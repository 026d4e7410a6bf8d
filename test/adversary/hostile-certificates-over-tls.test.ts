import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { brazilianSubject, CLIENT_AUTH, pemOf, type Subject } from '../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'
import { asSigningKey, signingKey } from '../support/signing-keys.ts'
import { writeCertificate, type CertificateSpec } from '../support/write-certificate.ts'
import { der, derOid } from '../support/write-der.ts'
import { writeExtension, writeExtensions } from '../support/write-extensions.ts'

const KEY = signingKey('p256', 0)
const EXTENSIONS = { keyUsage: ['digitalSignature'], extendedKeyUsage: [CLIENT_AUTH] } as const
const DAY_MS = 86_400_000

let laboratory: Laboratory
let gateway: RunningGateway
const log: LogEntry[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  gateway = await startLaboratoryGateway(laboratory, systemClock, log)
})
afterAll(async () => {
  await gateway.stop()
  await laboratory.stop()
})

/** What the trusted issuer of the laboratory signs, by mistake or under duress. */
function signed(changes: Partial<CertificateSpec>): Buffer {
  const { clientIssuer } = laboratory
  return writeCertificate({
    ...{ subject: brazilianSubject(SOFTWARE), key: KEY, extensions: EXTENSIONS, serialNumber: Buffer.of(7) },
    ...{ issuer: clientIssuer.subject, signer: asSigningKey('p256', clientIssuer.privateKey) },
    ...{ style: { digest: 'sha256', pss: false } },
    ...{ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) },
    ...changes,
  })
}

function register(chain: readonly Buffer[]): Promise<RegistrantAnswer> {
  const privateKey = KEY.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const identity = { certificate: chain.map(pemOf).join(''), privateKey, serverCa: laboratory.nobody.serverCa }
  const url = `https://127.0.0.1:${String(gateway.port)}/register`
  return sendAs(identity, { method: 'POST', url, body: goodRegistration(laboratory, SOFTWARE, new Date()) })
}

const named = (text: string): Subject => [...brazilianSubject(SOFTWARE), ['OU', text]]
const padding = (bytes: number): Partial<CertificateSpec> => ({
  extraExtensions: [{ oid: '1.2.3.4', critical: false, value: der(0x04, Buffer.alloc(bytes)) }],
})
const twice = (): Partial<CertificateSpec> => {
  const again = writeExtension({ oid: '2.5.29.37', critical: false, value: der(0x30, derOid('2.5.29.37.0')) })
  return { raw: { extensions: der(0xa3, der(0x30, ...writeExtensions(EXTENSIONS, [], []), again)) } }
}

describe('a client certificate of the trusted issuer over real TLS', () => {
  it('is good when it is not hostile', async () => {
    expect((await register([signed({})])).status).toBe(201)
  })

  it.each<[string, Partial<CertificateSpec>, string]>([
    ['a negative serial number', { serialNumber: Buffer.of(0x80) }, 'client-certificate-serial-number-invalid'],
    ['NUL in its name', { subject: named('bank\0evil') }, 'client-certificate-subject-invalid'],
    ['line ends in its name', { subject: named('x"}\r\n{"event":"decision"}') }, 'client-certificate-subject-invalid'],
    [
      'line ends in an alternative name',
      { extensions: { ...EXTENSIONS, alternativeNames: [{ form: 'dns', text: 'a\n{"event":"decision"}' }] } },
      'client-certificate-malformed',
    ],
    ['an extension twice', twice(), 'client-certificate-malformed'],
    ['an end before its beginning', { notAfter: new Date(Date.now() - 2 * DAY_MS) }, 'client-certificate-expired'],
    [
      'a beginning in the year 9999',
      { notBefore: new Date('9999-01-01T00:00:00Z') },
      'client-certificate-not-yet-valid',
    ],
    ['70,000 bytes in all', padding(70_000), 'client-certificate-malformed'],
  ])('is refused with its own reason when it has %s', async (_, changes, reason) => {
    const before = (await readAudit(laboratory)).length
    const answer = await register([signed(changes)])
    expect(answer.status).toBe(401)
    const records = await readAudit(laboratory)
    expect(records.slice(before)).toMatchObject([{ event: 'decision', decision: 'refused', reason }])
  })

  it('is refused for the hundred others that come with it', async () => {
    const strangers = Array.from({ length: 99 }, (_, index) =>
      signed({ serialNumber: Buffer.of(1, index), subject: [['CN', 'x']] }),
    )
    expect((await register([signed({}), ...strangers])).status).toBe(401)
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({ reason: 'client-certificate-chain-too-long' })
  })

  it.each([
    ['1 MiB', padding(1_048_576)],
    [
      '10,000 alternative names',
      {
        extensions: {
          ...EXTENSIONS,
          alternativeNames: Array.from({ length: 10_000 }, () => ({ form: 'dns', text: 'host.example.com' }) as const),
        },
      },
    ],
  ])('does not get past the handshake with %s, and the next client is served', async (_, changes) => {
    await expect(register([signed(changes)])).rejects.toThrow()
    // Past the certificate: the software has its client since the first test.
    expect((await register([signed({})])).body).toMatchObject({ findings: [{ rule: 'client-exists' }] })
  })

  it('leaves no control character in audit and log', async () => {
    const audit = await readFile(join(laboratory.folder, 'audit.jsonl'), 'utf8')
    expect(audit.split('\n').join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(JSON.stringify(log)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(log.flatMap(({ facts }) => Object.values(facts)).join()).not.toMatch(/[\0-\x1f\x7f]/)
  })
})
