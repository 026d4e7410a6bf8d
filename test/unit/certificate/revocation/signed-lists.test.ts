import 'reflect-metadata' // the certificate library throws without it
import { execFile } from 'node:child_process'
import { verify } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { X509Crl } from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDer } from '../../../../src/asn1/read-der.ts'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { DEFAULT_GATE_LIMITS, FetchGate } from '../../../../src/certificate/revocation/store/fetch-gate.ts'
import {
  DEFAULT_FOLDER_LIMITS,
  RevocationFolder,
} from '../../../../src/certificate/revocation/store/revocation-folder.ts'
import type {
  CrlFacts,
  CrlFunctions,
  RevocationQuestion,
} from '../../../../src/certificate/revocation/store/revocation-functions.ts'
import { RevocationStore } from '../../../../src/certificate/revocation/store/revocation-store.ts'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import { mintAuthority, mintClientCertificate, type MintedAuthority } from '../../../support/mint-certificates.ts'
import { CRL_URL, HandWoundTime, HOUR_MS, ocspFunctions } from './revocation-fixture.ts'

const run = promisify(execFile)

interface RealCrl extends CrlFacts {
  readonly der: Buffer
  readonly serials: readonly string[]
}

/** Reads with the test library and checks with node:crypto, so that nothing of what is signed is taken on trust. */
function realFunctions(issuer: ParsedCertificate): CrlFunctions<RealCrl> {
  const key = { key: issuer.publicKeyDer, format: 'der', type: 'spki' } as const
  const isAuthentic = ({ der }: RealCrl): boolean => {
    const [tbs, , signature] = readDer(der).children
    if (tbs === undefined || signature === undefined) return false
    return verify('sha256', tbs.raw, key, signature.contents.subarray(1))
  }
  return {
    parse: (der) => {
      readDer(der)
      const { thisUpdate, nextUpdate = null, entries } = new X509Crl(der)
      const serials = entries.map(({ serialNumber }) => serialNumber.replace(/^0+/, ''))
      return { der, serials, thisUpdate, nextUpdate, crlNumber: null, issuerKey: issuer.subjectKey }
    },
    isAuthentic,
    check: ({ link }, crls, asAt) => {
      const crl = crls.find((each) => isAuthentic(each) && each.thisUpdate <= asAt && asAt <= (each.nextUpdate ?? asAt))
      if (crl === undefined) return { kind: 'unknown', why: 'none' }
      const { thisUpdate, nextUpdate, serials } = crl
      return serials.includes(link.certificate.facts.serialNumber)
        ? { kind: 'revoked', source: 'crl', revokedAt: thisUpdate, reason: null }
        : { kind: 'good', source: 'crl', thisUpdate, nextUpdate }
    },
    urls: () => [CRL_URL],
    configuredUrls: () => [],
  }
}

let folder: string
let authority: MintedAuthority
let question: RevocationQuestion
let served: Buffer
let good: Buffer
let revoking: Buffer
let forged: Buffer

/** What `openssl ca -gencrl` signs, with these serial numbers revoked. */
async function signList(signer: MintedAuthority, serials: readonly string[], label: string): Promise<Buffer> {
  const path = (name: string): string => join(folder, `${label}-${name}`)
  const lines = serials.map((serial) => `R\t400101000000Z\t250101000000Z\t${serial}\tunknown\t/CN=client\n`)
  await writeFile(path('index'), lines.join(''))
  await writeFile(path('key'), signer.privateKeyPem)
  await writeFile(path('cert'), signer.pem)
  await writeFile(path('conf'), `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('index')}\ndefault_md=sha256\n`)
  const files = ['-config', path('conf'), '-keyfile', path('key'), '-cert', path('cert'), '-out', path('pem')]
  await run('openssl', ['ca', '-gencrl', '-crlhours', '2', ...files])
  await run('openssl', ['crl', '-in', path('pem'), '-outform', 'DER', '-out', path('der')])
  return readFile(path('der'))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signed-lists-'))
  authority = await mintAuthority()
  const stranger = await mintAuthority()
  const certificate = parseCertificate((await mintClientCertificate(authority, { serialNumber: '4b' })).der)
  const issuer = parseCertificate(authority.der)
  const path = { client: certificate, intermediates: [], anchor: issuer }
  question = { link: { certificate, issuer }, path, check: ['crl'], lastGoodHoldsMs: 0 }
  good = await signList(authority, ['4C'], 'good')
  // A list counts whole seconds, and only a later one is newer.
  await new Promise((resolve) => setTimeout(resolve, 1100))
  revoking = await signList(authority, ['4B'], 'revoking')
  forged = await signList(stranger, [], 'forged')
})

afterAll(async () => rm(folder, { recursive: true }))

interface Opened {
  readonly store: RevocationStore<RealCrl, never>
  readonly time: HandWoundTime
  readonly problems: string[]
}

async function openStore(answers: string): Promise<Opened> {
  // A minute after the last list was signed.
  const time = new HandWoundTime(new Date(Date.now() + 60_000))
  const problems: string[] = []
  const store = RevocationStore.create<RealCrl, never>({
    crl: realFunctions(question.link.issuer),
    ocsp: { ...ocspFunctions([]), parse: neverAsked, check: neverAsked },
    fetch: () => Promise.resolve(served),
    gate: new FetchGate(DEFAULT_GATE_LIMITS, time, () => undefined),
    ...{ clock: time, scheduler: time, chance: () => 0.5, limits: DEFAULT_STORE_LIMITS },
    onEvent: (event) => problems.push('problem' in event ? event.problem : event.kind),
    folder: new RevocationFolder(join(folder, answers), DEFAULT_FOLDER_LIMITS, () => undefined),
  })
  await store.load()
  return { store, time, problems }
}

function neverAsked(): never {
  throw new Error('nobody asks this')
}

describe('lists that OpenSSL signed', () => {
  it('are fetched, kept and found again after a restart', async () => {
    served = forged
    const { store, time } = await openStore('one')
    expect((await store.ask(question)).status.kind).toBe('unknown')
    served = good
    await time.wind(60_000)
    expect((await store.ask(question)).status.kind).toBe('good')
    await store.close()

    served = forged
    const again = await openStore('one')
    expect(again.store.peek(question, again.time.now())?.status.kind).toBe('good')
    served = revoking
    await again.time.wind(1.6 * HOUR_MS)
    expect(again.store.peek(question, again.time.now())?.status.kind).toBe('revoked')
    await again.store.close()
  })

  it('are replaced neither by older nor by forged nor by damaged ones', async () => {
    served = revoking
    const { store, time, problems } = await openStore('other')
    await store.ask(question)
    served = good
    await time.wind(1.6 * HOUR_MS)
    for (const bytes of [forged, revoking.subarray(0, -1)]) {
      served = bytes
      await time.wind(4 * 60_000)
    }
    expect([...new Set(problems)]).toEqual(['crl-fetched', 'older', 'unusable', 'malformed'])
    expect(store.peek(question, time.now())?.status.kind).toBe('revoked')
    await store.close()
  })
})
