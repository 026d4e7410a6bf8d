import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { BANK, type BritishSigners } from './british-software.ts'
import { startDirectoryServer, type DirectoryServer } from './directory-server.ts'
import type { Laboratory } from './laboratory.ts'
import { openRegimeLaboratory, type RegimeLaboratory } from './regime-laboratory.ts'
import { createStatementSigner } from './sign-statement.ts'

const POLICIES = resolve(import.meta.dirname, '../../policies')

/** What a bank would set for uk-open-banking, with the authorities of the laboratory. */
export const BRITISH_PARAMETERS = {
  audiences: [BANK],
  keystores: ['localhost'],
  directoryIssuers: ['Sandbox'],
  hybridGrant: 'implicit',
}

/** A gateway under the British regime, its directory, and the keystore where the software has its keys. */
export interface BritishLaboratory {
  readonly regime: RegimeLaboratory
  readonly keystore: DirectoryServer
  readonly signers: BritishSigners
  readonly stop: () => Promise<void>
}

/** Starts all of it; `BRITISH_PARAMETERS` are those of the endpoint. */
export async function openBritishLaboratory(): Promise<BritishLaboratory> {
  const policies = await writePolicies()
  const regime = await openRegimeLaboratory(
    { policy: 'laboratory', directories: ['obie'], parameters: BRITISH_PARAMETERS },
    { policies, settings: settingsOf },
  )
  const { folder, signer } = regime.laboratory
  const [certificate = '', privateKey = ''] = await Promise.all(
    ['server.pem', 'server.key'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  const software = await createStatementSigner({ kid: 'lark-sig-4', keyLabel: 'software' })
  const keystore = await startDirectoryServer({ certificate, privateKey, keys: [software.jwk] })
  const jwksUri = `https://localhost:${keystore.port}/openbanking.jwks`
  return {
    ...{ regime, keystore, signers: { directory: signer, software, jwksUri } },
    stop: async () => {
      await regime.stop()
      await keystore.stop()
      await rm(policies, { recursive: true })
    },
  }
}

/** The published policy, but for the one rule that no keystore on this machine can pass. */
const POLICY = `apiVersion: dcr-gateway/v1
name: laboratory
version: "1"
title: UK Open Banking with a keystore on this machine
source: policies/uk-open-banking
extends: [uk-open-banking]
off: [fetched-uris-are-https]
`

async function writePolicies(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'policies-'))
  for (const name of ['rfc7591', 'uk-open-banking'])
    await cp(join(POLICIES, name), join(folder, name), { recursive: true })
  await mkdir(join(folder, 'laboratory'))
  await writeFile(join(folder, 'laboratory/policy.yaml'), POLICY)
  return folder
}

const settingsOf = ({ directory, settings }: Laboratory): Record<string, unknown> => ({
  directories: { obie: { issuers: ['OpenBanking Ltd'], jwksUri: directory.jwksUri, caFile: 'internal-ca.pem' } },
  softwareKeys: { hosts: ['localhost'], allowPrivateAddresses: true, caFile: 'internal-ca.pem' },
  upstream: { ...(settings['upstream'] as object), passHeaders: ['x-fapi-interaction-id'] },
})
