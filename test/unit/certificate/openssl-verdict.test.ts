import { describe, expect, it } from 'vitest'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { createClientIdentification } from '../../../src/certificate/identify-client.ts'
import {
  CLIENT_AUTH,
  SERVER_AUTH,
  presentedChain,
  type AuthorityOptions,
  type KeyType,
  type MintOptions,
} from '../../support/mint-certificates.ts'
import { der } from '../../support/write-der.ts'
import { alternativeNames, generalName, nameConstraints } from '../../support/mint-extensions.ts'
import { A_CERTIFICATE, nobodyToAsk, trustOf } from './chain-fixture.ts'
import { mintNamedChain, opensslAccepts, type ChainOptions, type MintedChain } from './openssl-chain.ts'

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

const { directory, dns, email, ip, registeredId, uri } = generalName
const bound = (permitted: readonly Buffer[], excluded: readonly Buffer[] = []): AuthorityOptions => ({
  extraExtensions: [nameConstraints(permitted, excluded)],
})
const named = (...names: readonly Buffer[]): MintOptions => ({ extraExtensions: [alternativeNames(...names)] })
/** Below the names that intermediates have in this test. */
const BRAZIL = directory([['C', 'BR']])

const NAME_CASES: readonly Case[] = [
  { chain: 'a permitted host', upper: bound([dns('a.org')]), client: named(dns('x.A.org')), openssl: true },
  { chain: 'a host that is not permitted', upper: bound([dns('a.org')]), client: named(dns('xa.org')), openssl: false },
  { chain: 'an excluded host', upper: bound([], [dns('a.org')]), client: named(dns('x.a.org')), openssl: false },
  { chain: 'a host below a dot', upper: bound([dns('.a.org')]), client: named(dns('x.a.org')), openssl: true },
  {
    chain: 'a host that is not below a dot',
    upper: bound([dns('.a.org')]),
    client: named(dns('a.org')),
    openssl: false,
  },
  { chain: 'constraints of the root', root: bound([dns('a.org')]), client: named(dns('b.org')), openssl: false },
  {
    chain: 'constraints that are widened further down',
    upper: bound([dns('a.org')]),
    lower: bound([dns('b.org')]),
    client: named(dns('b.org')),
    openssl: false,
  },
  {
    chain: 'a common name that is a host',
    upper: bound([dns('a.org')]),
    client: { subject: [['CN', 'b.org']] },
    openssl: false,
  },
  {
    chain: 'a common name that is none',
    upper: bound([dns('a.org')]),
    client: { subject: [['CN', 'b org']] },
    openssl: true,
  },
  { chain: 'a permitted mailbox', upper: bound([email('a.org')]), client: named(email('x@a.org')), openssl: true },
  { chain: 'another mailbox', upper: bound([email('a.org')]), client: named(email('x@b.a.org')), openssl: false },
  {
    chain: 'a mail address in the subject',
    upper: bound([email('a.org')]),
    client: { subject: [['emailAddress', 'x@b.org']] },
    openssl: false,
  },
  { chain: 'a permitted URI', upper: bound([uri('a.org')]), client: named(uri('https://a.org:8/x')), openssl: true },
  { chain: 'another URI', upper: bound([uri('a.org')]), client: named(uri('https://x.a.org/')), openssl: false },
  { chain: 'a URI without a host', upper: bound([uri('a.org')]), client: named(uri('urn:x')), openssl: false },
  {
    chain: 'a permitted address',
    upper: bound([ip(10, 0, 0, 0, 255, 0, 0, 0)]),
    client: named(ip(10, 1, 2, 3)),
    openssl: true,
  },
  {
    chain: 'an excluded address',
    upper: bound([], [ip(10, 0, 0, 0, 255, 0, 0, 0)]),
    client: named(ip(10, 1, 2, 3)),
    openssl: false,
  },
  {
    chain: 'permitted subjects',
    upper: bound([BRAZIL]),
    client: {
      subject: [
        ['C', 'br'],
        ['CN', 'x'],
      ],
    },
    openssl: true,
  },
  {
    chain: 'a subject elsewhere',
    upper: bound([BRAZIL]),
    client: {
      subject: [
        ['C', 'PT'],
        ['CN', 'x'],
      ],
    },
    openssl: false,
  },
  {
    chain: 'an intermediate elsewhere',
    root: bound([directory([['C', 'PT']])]),
    client: { subject: [['C', 'PT']] },
    openssl: false,
  },
  {
    chain: 'a form without rules',
    upper: bound([registeredId('1.2.3')]),
    client: named(registeredId('1.2.3')),
    openssl: false,
  },
  {
    chain: 'a URI that hides its host',
    upper: bound([uri('a.org')]),
    client: named(uri('https://b.org\\@a.org/')),
    openssl: false,
  },
  {
    chain: 'a wildcard over an excluded host',
    upper: bound([], [dns('x.a.org')]),
    client: named(dns('*.a.org')),
    openssl: true,
    gateway: false,
  },
]

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
  { chain: 'an intermediate for any purpose', lower: { extendedKeyUsage: ['2.5.29.37.0'] }, openssl: false },
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

async function gatewayAccepts({ root, client }: MintedChain): Promise<boolean> {
  const trust = trustOf([root])
  const peer = {
    address: '127.0.0.1',
    tlsVersion: 'TLSv1.3',
    serverName: null,
    presented: presentedChain(client),
    openssl: null,
  }
  const identify = createClientIdentification({
    ...{ demand: A_CERTIFICATE, trust: () => trust, presentedLimit: 8 },
    ...{ trustEdition: () => 0, soleTrust: true, onDisagreement: () => undefined, revocation: nobodyToAsk },
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
    it.each([...CASES, ...(keyType === 'ec' ? NAME_CASES : [])])(
      'for $chain',
      async ({ openssl, gateway = openssl, ...options }) => {
        const chain = await mintNamedChain(keyType, options)
        expect({ openssl: await opensslAccepts(chain), gateway: await gatewayAccepts(chain) }).toEqual({
          openssl,
          gateway,
        })
      },
    )
  },
)
