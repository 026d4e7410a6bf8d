import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  mintAuthority,
  mintClientCertificate,
  type AuthorityOptions,
  type KeyType,
  type MintOptions,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'

export interface ChainOptions {
  readonly root?: AuthorityOptions
  readonly upper?: AuthorityOptions
  readonly lower?: AuthorityOptions
  readonly client?: MintOptions
}

const run = promisify(execFile)
export interface MintedChain {
  readonly root: MintedCertificate
  readonly intermediates: readonly MintedCertificate[]
  readonly client: MintedCertificate
}

/** Root, two intermediates and a client, each with its own changes. */
export async function mintNamedChain(keyType: KeyType, options: ChainOptions): Promise<MintedChain> {
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
export async function opensslAccepts(chain: MintedChain, flags: readonly string[] = []): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-verdict-'))
  const file = (name: string): string => join(folder, name)
  await writeFile(file('root.pem'), chain.root.pem)
  await writeFile(file('intermediates.pem'), chain.intermediates.map(({ pem }) => pem).join(''))
  await writeFile(file('client.pem'), chain.client.pem)
  const trusted = ['-no-CApath', '-no-CAstore', '-CAfile', file('root.pem'), '-untrusted', file('intermediates.pem')]
  try {
    await run('openssl', [
      'verify',
      '-purpose',
      'sslclient',
      '-auth_level',
      '2',
      ...flags,
      ...trusted,
      file('client.pem'),
    ])
    return true
  } catch (failure) {
    // Any other exit code means that it did not get as far as a verdict.
    if (failure instanceof Error && 'code' in failure && failure.code === 2) return false
    throw failure
  } finally {
    await rm(folder, { recursive: true })
  }
}
