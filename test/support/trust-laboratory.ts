import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import { answerFileName, writeAnswerFile } from '../../src/certificate/revocation/store/answer-file.ts'
import { issuerId } from '../../src/certificate/revocation/store/issuer-id.ts'
import { ROOT } from '../architecture/source-files.ts'
import { openLaboratory, type Laboratory } from './laboratory.ts'
import { mintAuthority, presentedChainPem, type MintedAuthority, type MintedCertificate } from './mint-certificates.ts'
import { mintCrl } from './mint-crl.ts'

const run = promisify(execFile)
const DAY_MS = 86_400_000

export const days = (count: number): Date => new Date(Date.now() + count * DAY_MS)
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10)
/** Dates of a CRL. */
export const CURRENT = { thisUpdate: days(-1), nextUpdate: days(10) }
export const REVOKED_SERIAL = 0x0bad

export const ASKING_POLICY = `apiVersion: dcr-gateway/v1
name: bank
version: "1"
title: Every certificate is asked about
source: A test
clientCertificate:
  revocation: { check: [crl], unknown: refuse }
`

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A laboratory whose endpoint asks for CRLs, and a second trust folder that no endpoint uses. */
export interface TrustLaboratory extends Laboratory {
  /** Held, and valid for five days. */
  readonly shortCa: MintedAuthority
  readonly put: (name: string, content: string | Buffer) => Promise<void>
  /** Writes what a client presents, to `<name>.pem`. */
  readonly present: (name: string, certificate: MintedCertificate) => Promise<void>
  /** Puts a CRL where a gateway would have kept it. */
  readonly keep: (issuer: MintedCertificate, der: Buffer, url?: string) => Promise<void>
  /** `dcr-gateway trust ...` in the folder. */
  readonly trust: (...words: readonly string[]) => Promise<Outcome>
}

export async function openTrustLaboratory(): Promise<TrustLaboratory> {
  const laboratory = await openLaboratory({ policies: 'policies' })
  const { folder, clientIssuer, clientRoot, environment } = laboratory
  const put = async (name: string, content: string | Buffer): Promise<void> => {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const shortCa = await mintAuthority({ issuer: clientRoot, subject: [['CN', 'Short CA']], notAfter: days(5) })
  const listed = { ...CURRENT, entries: [{ serialNumber: REVOKED_SERIAL, reason: 1, revokedAt: days(-2) }] }
  await put('policies/bank/policy.yaml', ASKING_POLICY)
  await put('trust/sandbox/intermediates/short.pem', shortCa.pem)
  await put('trust/sandbox/crls/issuing.crl', mintCrl(clientIssuer, listed))
  await put('trust/sandbox/crls/root.crl', mintCrl(clientRoot, CURRENT))
  await put('trust/sandbox/trust.yaml', stringify({ fetch: { allowPrivateAddresses: true, hosts: ['127.0.0.1'] } }))
  await put('trust/staging/roots/root.pem', (await mintAuthority({ subject: [['CN', 'Staging']] })).pem)
  const settings = {
    ...laboratory.settings,
    trust: { sandbox: 'trust/sandbox', staging: 'trust/staging' },
    endpoints: [{ path: '/register', policy: 'bank', trustedIssuers: 'sandbox' }],
    revocation: { folder: 'revocation' },
  }
  await laboratory.writeSettings(settings)
  return {
    ...{ ...laboratory, settings, shortCa, put },
    present: (name, certificate) => put(`${name}.pem`, presentedChainPem(certificate)),
    keep: (issuer, der, url = 'http://crl.example/kept.crl') => {
      const key = `${issuerId(parseCertificate(issuer.der))} ${url}`
      const answer = { source: 'crl', key, url, nonce: null, der, acceptedAt: new Date() } as const
      return put(`revocation/sandbox/${answerFileName('crl', key)}`, writeAnswerFile(answer))
    },
    trust: (...words) => runTrust(words, folder, environment),
  }
}

async function runTrust(
  words: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const all = [join(ROOT, 'dist/main.js'), 'trust', ...words, '--config', 'gateway.yaml']
  try {
    const options = { cwd, env: { ...process.env, ...environment }, timeout: 30_000 }
    const { stdout, stderr } = await run(process.execPath, all, options)
    return { code: 0, out: stdout, err: stderr }
  } catch (failure) {
    const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}
