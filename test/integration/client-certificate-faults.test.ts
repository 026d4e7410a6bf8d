import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import type { RunningGateway } from '../../src/gateway.ts'
import { reasonEntry } from '../../src/model/reasons.ts'
import { CERTIFICATE_FAULTS, type CertificateFault } from '../docs/certificate-faults.ts'
import { startCrlServer, type CrlServer } from '../support/crl-server.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { callGateway, IDENTIFIED, type Verdict } from '../support/identified-as.ts'
import { openLaboratory, type Laboratory } from '../support/laboratory.ts'
import {
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  presentedChainPem,
  SERVER_AUTH,
  type KeyType,
  type MintedAuthority,
  type MintedCertificate,
  type MintOptions,
} from '../support/mint-certificates.ts'
import { mintCrl, type MintedEntry } from '../support/mint-crl.ts'
import { openOpensslResponder, type OpensslResponder } from '../support/openssl-responder.ts'

const HOUR_MS = 3_600_000
const before = (hours: number): Date => new Date(Date.now() - hours * HOUR_MS)
const current = { thisUpdate: before(1), nextUpdate: before(-24) }

const policy = (unknown: string): string => `apiVersion: dcr-gateway/v1
name: ${unknown}
version: "1"
title: Every certificate is asked about
source: A test
clientCertificate:
  revocation: { check: [ocsp, crl], unknown: ${unknown} }
`

const entryOf = (certificate: MintedCertificate): MintedEntry => ({
  serialNumber: BigInt(`0x${parseCertificate(certificate.der).facts.serialNumber}`),
  revokedAt: before(2),
  reason: 1,
})

/** A port at which nobody listens, for now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const urlAt = (port: number): string => `http://127.0.0.1:${port}/`

/** Nothing for a certificate that signed itself. */
const chainAbove = ({ issuer }: MintedCertificate): string => (issuer === null ? '' : presentedChainPem(issuer))

describe.each<KeyType>(['ec', 'rsa'])('a client certificate with an %s key', (keyType) => {
  let laboratory: Laboratory
  let crlServer: CrlServer
  let responder: OpensslResponder
  const gateways = new Map<string, RunningGateway>()
  const clients = new Map<CertificateFault, MintedCertificate | null>()

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: 'policies', keyType })
    crlServer = await startCrlServer()
    await mintClients()
    await writeTrust()
    for (const unknown of ['refuse', 'accept']) gateways.set(unknown, await startWith(unknown))
  }, 60_000)

  afterAll(async () => {
    for (const gateway of gateways.values()) await gateway.stop()
    await responder.stop()
    await crlServer.stop()
    await laboratory.stop()
  })

  async function mintClients(): Promise<void> {
    const { clientIssuer: issuer, clientRoot: root } = laboratory
    const crl = { crlUrls: [`${crlServer.url}issuing.crl`] }
    const mint = (options: MintOptions = crl, by: MintedAuthority = issuer): Promise<MintedCertificate> =>
      mintClientCertificate(by, { keyType, ...options })
    const namesake = await mintAuthority({ subject: issuer.subject, keyType: 'ec', keyLabel: 'namesake' })
    const expired = await mintAuthority({
      ...{ keyType: 'ec' as const, issuer: root, subject: [['CN', 'Expired CA']], notBefore: before(48) },
      notAfter: before(24),
    })
    const withdrawn = await mintAuthority({ keyType: 'ec', issuer: root, subject: [['CN', 'Withdrawn CA']] })
    const listed = await mint()
    const revokedOnline = await mintOnline()
    const silent = { ocspUrls: [urlAt(await freePort())] }
    const table: readonly (readonly [CertificateFault, MintedCertificate | null])[] = [
      ['no certificate', null],
      ['a self-signed one', await mintSelfSigned({ keyType })],
      ['one of an issuer that is not trusted', await mint({}, await mintAuthority({ keyType: 'ec' }))],
      ['one of an issuer with the name of a trusted one, but another key', await mint({}, namesake)],
      ['an expired one', await mint({ ...crl, notBefore: before(48), notAfter: before(24) })],
      ['one whose intermediate has expired', await mint({}, expired)],
      ['one that its CRL lists', listed],
      ['one that its OCSP responder calls revoked', revokedOnline],
      ['one whose intermediate is on the CRL of the root', await mint({}, withdrawn)],
      ['one nobody can say anything of, under `unknown: refuse`', await mint(silent)],
      ['one that names neither a CRL nor a responder, under `unknown: refuse`', await mint({})],
      ['one nobody can say anything of, under `unknown: accept`', await mint(silent)],
      ['one for servers', await mint({ ...crl, extendedKeyUsage: [SERVER_AUTH] })],
      ['one with an RSA key of 1024 bits', await mint({ ...crl, keyType: 'rsa-1024' })],
    ]
    for (const [fault, certificate] of table) clients.set(fault, certificate)
    crlServer.crls.set('issuing.crl', mintCrl(issuer, { ...current, entries: [entryOf(listed)] }))
    await writeRootCrl(withdrawn)
  }

  /** One certificate that the real responder of OpenSSL is asked about; its address must be known before the certificate is. */
  async function mintOnline(): Promise<MintedCertificate> {
    const { clientIssuer } = laboratory
    const port = await freePort()
    const certificate = await mintClientCertificate(clientIssuer, { keyType, ocspUrls: [urlAt(port)] })
    responder = await openOpensslResponder(clientIssuer, [{ certificate, revokedFor: 'keyCompromise' }])
    await responder.serve(port)
    return certificate
  }

  async function writeRootCrl(withdrawn: MintedCertificate): Promise<void> {
    const crls = join(laboratory.folder, 'trust/sandbox/crls')
    await writeFile(
      join(crls, 'root.crl'),
      mintCrl(laboratory.clientRoot, { ...current, entries: [entryOf(withdrawn)] }),
    )
    // That of the issuing authority has to be fetched.
    await rm(join(crls, 'issuing.crl'))
  }

  async function writeTrust(): Promise<void> {
    await writeFile(
      join(laboratory.folder, 'trust/sandbox/trust.yaml'),
      `ocsp: { nonce: require }\nfetch: { allowPrivateAddresses: true, hosts: [127.0.0.1], timeoutMs: 2000 }\n`,
    )
  }

  async function startWith(unknown: string): Promise<RunningGateway> {
    const folder = join(laboratory.folder, 'policies', unknown)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'policy.yaml'), policy(unknown))
    await laboratory.writeSettings({
      ...laboratory.settings,
      policies: { folder: join(laboratory.folder, 'policies') },
      endpoints: [{ path: '/register', policy: unknown, trustedIssuers: 'sandbox' }],
      directories: {},
    })
    return startLaboratoryGateway(laboratory)
  }

  async function verdictOn(certificate: MintedCertificate | null, unknown = 'refuse'): Promise<Verdict> {
    const gateway = gateways.get(unknown)
    const caller = callGateway(gateway?.port ?? 0, {
      certificate: certificate === null ? null : certificate.pem + chainAbove(certificate),
      privateKey: certificate?.privateKeyPem ?? null,
      serverCa: laboratory.nobody.serverCa,
    })
    try {
      return await caller.ask()
    } finally {
      caller.close()
    }
  }

  it.each(Object.entries(CERTIFICATE_FAULTS))('is judged: %s', async (fault, reason) => {
    const certificate = clients.get(fault as CertificateFault)
    expect(certificate).toBeDefined()
    const verdict = await verdictOn(certificate ?? null, fault.includes('accept') ? 'accept' : 'refuse')
    expect(verdict).toMatchObject({
      reason: reason ?? IDENTIFIED,
      status: reason === null ? 401 : reasonEntry(reason).status,
    })
    if (reason === 'client-certificate-revocation-unknown') expect(verdict.headers['retry-after']).toBeDefined()
  })

  it('goes on when nothing is wrong, and one CRL is fetched once for all it covers', async () => {
    const byCrl = await mintClientCertificate(laboratory.clientIssuer, {
      keyType,
      crlUrls: [`${crlServer.url}issuing.crl`],
    })
    expect((await verdictOn(byCrl)).reason).toBe(IDENTIFIED)
    expect(crlServer.asked.filter((path) => path === 'issuing.crl')).toHaveLength(1)
  })
})
