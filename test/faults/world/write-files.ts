import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../architecture/source-files.ts'
import { emptyCrl } from '../../support/laboratory.ts'
import {
  mintAuthority,
  mintClientCertificate,
  mintServerCertificate,
  type MintedAuthority,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { POLICY, POLICY_NAME } from './gateway-settings.ts'

export interface Certificates {
  readonly clientIssuer: MintedAuthority
  readonly infrastructure: MintedAuthority
  readonly server: MintedCertificate
}

/** Mints the authorities and writes what both gateways read: certificates, the trust folder, policies. */
export async function writeFiles(folder: string): Promise<Certificates> {
  const root = await mintAuthority({ subject: [['CN', 'Sandbox Root CA']] })
  const clientIssuer = await mintAuthority({ issuer: root, pathLength: 0, subject: [['CN', 'Sandbox Issuing CA']] })
  const infrastructure = await mintAuthority({ subject: [['CN', 'Bank Internal CA']] })
  const server = await mintServerCertificate(infrastructure)
  const gateway = await mintClientCertificate(infrastructure, { subject: [['CN', 'dcr-gateway']] })
  // No more than are needed: all in the folder are loaded at each of many starts.
  for (const name of ['rfc7591', 'open-finance-brasil'])
    await cp(join(ROOT, 'policies', name, 'policy.yaml'), join(folder, 'policies', name, 'policy.yaml'))
  await writeAll(folder, {
    [`policies/${POLICY_NAME}/policy.yaml`]: POLICY,
    'server.pem': server.pem,
    'server.key': server.privateKeyPem,
    'internal-ca.pem': infrastructure.pem,
    'gateway-client.pem': gateway.pem,
    'gateway-client.key': gateway.privateKeyPem,
    'trust/sandbox/roots/root.pem': root.pem,
    'trust/sandbox/intermediates/issuing.pem': clientIssuer.pem,
    'trust/sandbox/crls/root.crl': emptyCrl(root),
    'trust/sandbox/crls/issuing.crl': emptyCrl(clientIssuer),
  })
  return { clientIssuer, infrastructure, server }
}

async function writeAll(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
