import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import type { RunningGateway } from '../../src/gateway.ts'
import { startCrlServer, type CrlServer } from '../support/crl-server.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { callGateway, IDENTIFIED } from '../support/identified-as.ts'
import { openLaboratory, type Laboratory } from '../support/laboratory.ts'
import { mintClientCertificate, presentedChainPem, type MintedCertificate } from '../support/mint-certificates.ts'
import { mintCrl } from '../support/mint-crl.ts'

const HOUR_MS = 3_600_000
const POLICY = `apiVersion: dcr-gateway/v1
name: strict
version: "1"
title: Revocation by CRL
source: A test
clientCertificate:
  revocation: { check: [crl], unknown: refuse }
`

let laboratory: Laboratory
let crlServer: CrlServer
let good: MintedCertificate
let revoked: MintedCertificate
let gateway: RunningGateway | null = null

beforeEach(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  crlServer = await startCrlServer()
  const { clientIssuer: issuer, folder } = laboratory
  const crlUrls = [`${crlServer.url}issuing.crl`]
  good = await mintClientCertificate(issuer, { crlUrls })
  revoked = await mintClientCertificate(issuer, { crlUrls })
  const serialNumber = BigInt(`0x${parseCertificate(revoked.der).facts.serialNumber}`)
  crlServer.crls.set(
    'issuing.crl',
    mintCrl(issuer, {
      thisUpdate: new Date(Date.now() - HOUR_MS),
      nextUpdate: new Date(Date.now() + HOUR_MS),
      entries: [{ serialNumber, reason: 1 }],
    }),
  )
  await rm(join(folder, 'trust/sandbox/crls/issuing.crl'))
  await writeFile(
    join(folder, 'trust/sandbox/trust.yaml'),
    'fetch: { allowPrivateAddresses: true, hosts: [127.0.0.1] }\n',
  )
  await mkdir(join(folder, 'policies/strict'), { recursive: true })
  await writeFile(join(folder, 'policies/strict/policy.yaml'), POLICY)
})
afterEach(async () => {
  await gateway?.stop()
  await crlServer.stop()
  await laboratory.stop()
})

async function restart(revocation: object): Promise<void> {
  await gateway?.stop()
  await laboratory.writeSettings({
    ...laboratory.settings,
    policies: { folder: join(laboratory.folder, 'policies') },
    endpoints: [{ path: '/register', policy: 'strict', trustedIssuers: 'sandbox' }],
    directories: {},
    revocation,
  })
  gateway = await startLaboratoryGateway(laboratory)
}

async function reasonFor(certificate: MintedCertificate): Promise<string> {
  const caller = callGateway(gateway?.port ?? 0, {
    certificate: presentedChainPem(certificate),
    privateKey: certificate.privateKeyPem,
    serverCa: laboratory.nobody.serverCa,
  })
  try {
    return (await caller.ask()).reason
  } finally {
    caller.close()
  }
}

it('a CRL that was fetched outlasts a restart while its host is away, and without a folder it does not', async () => {
  const folder = { folder: 'revocation' }
  await restart(folder)
  expect([await reasonFor(good), await reasonFor(revoked)]).toEqual([IDENTIFIED, 'client-certificate-revoked'])
  expect(crlServer.asked).toEqual(['issuing.crl'])

  crlServer.crls.clear()
  await restart(folder)
  expect([await reasonFor(good), await reasonFor(revoked)]).toEqual([IDENTIFIED, 'client-certificate-revoked'])
  expect(crlServer.asked).toEqual(['issuing.crl'])

  await restart({})
  expect(await reasonFor(good)).toBe('client-certificate-revocation-unknown')
})
