import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
import {
  CLIENT_AUTH,
  SERVER_AUTH,
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type AuthorityOptions,
  type KeyType,
  type MintOptions,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { der } from '../../support/write-der.ts'
import { A_CERTIFICATE, nobodyToAsk, trustOf } from './chain-fixture.ts'

interface ChainOptions {
  readonly root?: AuthorityOptions
  readonly upper?: AuthorityOptions
  readonly lower?: AuthorityOptions
  readonly client?: MintOptions
}

interface Case extends ChainOptions {
  readonly chain: string
  /** Whether OpenSSL accepts. */
  readonly openssl: boolean
  /** Whether we do, where we are stricter on purpose. */
  readonly gateway?: false
}

const YESTERDAY = new Date(Date.now() - 86_400_000)
const TOMORROW = new Date(Date.now() + 86_400_000)
const LAST_YEAR = new Date(Date.now() - 365 * 86_400_000)
const unknown = (critical: boolean): MintOptions => ({
  extraExtensions: [{ oid: '1.2.3.4', critical, value: der(0x05) }],
})

const CASES: readonly Case[] = [
  { chain: 'a plain one', openssl: true },
  {
    chain: 'path lengths that are just enough',
    root: { pathLength: 2 },
    upper: { pathLength: 1 },
    lower: { pathLength: 0 },
    openssl: true,
  },
  { chain: 'a path length of the root that is exceeded', root: { pathLength: 1 }, openssl: false },
  { chain: 'a path length of an intermediate that is exceeded', upper: { pathLength: 0 }, openssl: false },
  { chain: 'an expired client certificate', client: { notBefore: LAST_YEAR, notAfter: YESTERDAY }, openssl: false },
  { chain: 'a client certificate of tomorrow', client: { notBefore: TOMORROW }, openssl: false },
  { chain: 'an expired intermediate', lower: { notBefore: LAST_YEAR, notAfter: YESTERDAY }, openssl: false },
  { chain: 'an intermediate of tomorrow', upper: { notBefore: TOMORROW }, openssl: false },
  { chain: 'an expired root', root: { notBefore: LAST_YEAR, notAfter: YESTERDAY }, openssl: false },
  { chain: 'an intermediate that is no authority', lower: { basicConstraints: { ca: false } }, openssl: false },
  { chain: 'an intermediate without basic constraints', lower: { basicConstraints: null }, openssl: false },
  { chain: 'an intermediate without keyCertSign', upper: { keyUsage: ['cRLSign'] }, openssl: false },
  { chain: 'an intermediate without key usage', upper: { keyUsage: null }, openssl: true },
  { chain: 'a root without keyCertSign', root: { keyUsage: ['cRLSign'] }, openssl: false },
  { chain: 'a client certificate for servers', client: { extendedKeyUsage: [SERVER_AUTH] }, openssl: false },
  { chain: 'a client certificate for both', client: { extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH] }, openssl: true },
  { chain: 'a client certificate for any purpose', client: { extendedKeyUsage: ['2.5.29.37.0'] }, openssl: false },
  { chain: 'a client certificate of no purpose', client: { extendedKeyUsage: null }, openssl: true, gateway: false },
  { chain: 'an intermediate for servers', lower: { extendedKeyUsage: [SERVER_AUTH] }, openssl: false },
  { chain: 'an intermediate for clients', lower: { extendedKeyUsage: [CLIENT_AUTH] }, openssl: true },
  { chain: 'a root for servers', root: { extendedKeyUsage: [SERVER_AUTH] }, openssl: false },
  { chain: 'a client key that may not sign', client: { keyUsage: ['keyEncipherment'] }, openssl: false },
  { chain: 'a client key for agreement only', client: { keyUsage: ['keyAgreement'] }, openssl: true, gateway: false },
  { chain: 'a client certificate without key usage', client: { keyUsage: null }, openssl: true },
  { chain: 'a client certificate without basic constraints', client: { basicConstraints: null }, openssl: true },
  { chain: 'an unknown critical extension of the client', client: unknown(true), openssl: false },
  { chain: 'an unknown critical extension of an intermediate', upper: unknown(true), openssl: false },
  { chain: 'an unknown critical extension of the root', root: unknown(true), openssl: false },
  { chain: 'an unknown extension that is not critical', lower: unknown(false), client: unknown(false), openssl: true },
  { chain: 'a client key of RSA 1024', client: { keyType: 'rsa-1024', keyLabel: 'weak' }, openssl: false },
  { chain: 'an intermediate key of RSA 1024', upper: { keyType: 'rsa-1024', keyLabel: 'weak' }, openssl: false },
  { chain: 'a client key of Ed25519', client: { keyType: 'ed25519' }, openssl: true },
  { chain: 'a signature with SHA-1', client: { signatureHash: 'SHA-1' }, openssl: false },
  { chain: 'an intermediate signed with SHA-1', upper: { signatureHash: 'SHA-1' }, openssl: false },
  { chain: 'a root signed by itself with SHA-1', root: { signatureHash: 'SHA-1' }, openssl: true },
  {
    chain: 'signatures with SHA-512',
    lower: { signatureHash: 'SHA-512' },
    client: { signatureHash: 'SHA-512' },
    openssl: true,
  },
  {
    chain: 'an issuer name of other letter case and string type',
    client: {
      issuerName: [
        ['C', 'BR'],
        ['CN', ' lower ', 'utf8'],
      ],
    },
    openssl: true,
  },
  {
    chain: 'an issuer name of another authority',
    client: {
      issuerName: [
        ['C', 'BR'],
        ['CN', 'Other'],
      ],
    },
    openssl: false,
  },
]

const run = promisify(execFile)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openssl-verdict-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

interface MintedChain {
  readonly root: MintedCertificate
  readonly intermediates: readonly MintedCertificate[]
  readonly client: MintedCertificate
}

async function mintChain(keyType: KeyType, options: ChainOptions): Promise<MintedChain> {
  const named = (name: string): AuthorityOptions => ({
    keyType,
    keyLabel: name,
    subject: [
      ['C', 'BR'],
      ['CN', name, 'printable'],
    ],
  })
  const root = await mintAuthority({ ...named('Root'), ...options.root })
  const upper = await mintAuthority({ ...named('Upper'), issuer: root, ...options.upper })
  const lower = await mintAuthority({ ...named('Lower'), issuer: upper, ...options.lower })
  const client = await mintClientCertificate(lower, { keyType, ...options.client })
  return { root, intermediates: [lower, upper], client }
}

/** `-auth_level 2` demands 112 bits of security, as our own limits on keys and digests do. */
async function opensslAccepts(chain: MintedChain): Promise<boolean> {
  const file = (name: string): string => join(folder, name)
  await writeFile(file('root.pem'), chain.root.pem)
  await writeFile(file('intermediates.pem'), chain.intermediates.map(({ pem }) => pem).join(''))
  await writeFile(file('client.pem'), chain.client.pem)
  const trusted = ['-no-CApath', '-no-CAstore', '-CAfile', file('root.pem'), '-untrusted', file('intermediates.pem')]
  try {
    await run('openssl', ['verify', '-purpose', 'sslclient', '-auth_level', '2', ...trusted, file('client.pem')])
    return true
  } catch (failure) {
    // Any other exit code means that it did not get as far as a verdict.
    if (failure instanceof Error && 'code' in failure && failure.code === 2) return false
    throw failure
  }
}

async function gatewayAccepts({ root, client }: MintedChain): Promise<boolean> {
  const trust = trustOf([root])
  const peer = { address: '127.0.0.1', tlsVersion: 'TLSv1.3', presented: presentedChain(client), openssl: null }
  const identify = createClientIdentification({
    ...{ demand: A_CERTIFICATE, trust: () => trust, presentedLimit: 8 },
    ...{ trustEdition: () => 0, onDisagreement: () => undefined, revocation: nobodyToAsk },
  })
  try {
    const verified: VerifiedClient | null = await identify(peer, new Date())
    return verified !== null
  } catch (failure) {
    if (failure instanceof Refusal) return false
    throw failure
  }
}

describe.each<KeyType>(['rsa', 'ec'])(
  'with %s keys the verdict is that of `openssl verify -purpose sslclient`, or stricter on purpose,',
  (keyType) => {
    it.each(CASES)('for $chain', async ({ openssl, gateway = openssl, ...options }) => {
      const chain = await mintChain(keyType, options)
      expect({ openssl: await opensslAccepts(chain), gateway: await gatewayAccepts(chain) }).toEqual({
        openssl,
        gateway,
      })
    })
  },
)
