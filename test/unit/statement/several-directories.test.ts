import { describe, expect, it } from 'vitest'
import { createSignerVerification } from '../../../src/certificate/verify-signer.ts'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import { buildTrustStore } from '../../../src/certificate/trust/trust-store.ts'
import type { Directory } from '../../../src/model/policy.ts'
import type { VerifyChain } from '../../../src/model/signer.ts'
import type { VerifiedStatement } from '../../../src/model/statement.ts'
import type { PinnedDirectory } from '../../../src/statement/choose-directory.ts'
import { createDirectoryKeys } from '../../../src/statement/directory-keys.ts'
import { createStatementVerification } from '../../../src/statement/verify-statement.ts'
import {
  mintAuthority,
  mintClientCertificate,
  SERVER_AUTH,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { createStatementSigner } from '../../support/sign-statement.ts'
import { demandOf, JSON_LIMITS, NOW, openGate, reasonsOf, requestWith, steppingClock } from './directory-fixture.ts'

const iat = NOW.getTime() / 1000
const one = await createStatementSigner({ kid: 'one', keyLabel: 'one' })
const two = await createStatementSigner({ kid: 'two', keyLabel: 'two' })

const noChain: VerifyChain = () => Promise.reject(new Error('no chain is looked at'))

function pin(directory: Omit<Directory, 'claims'> & Partial<Directory>, verifyChain = noChain): PinnedDirectory {
  const whole = { claims: {}, ...directory }
  const keys = createDirectoryKeys({
    directory: whole,
    gate: openGate(),
    clock: steppingClock(),
    onEvent: () => undefined,
    verifyChain,
  })
  return { directory: whole, keys }
}

const fileOf = (...keys: object[]) => ({ kind: 'file', file: 'keys.jwks', jwks: JSON.stringify({ keys }) }) as const

function verify(
  compact: string,
  directories: readonly PinnedDirectory[],
  algorithms = ['PS256'],
): Promise<VerifiedStatement | null> {
  const stage = createStatementVerification({ demand: demandOf({ algorithms }), directories, jsonLimits: JSON_LIMITS })
  return stage(requestWith(compact, 'create'), NOW)
}

describe('of several directories', () => {
  const both = [
    pin({ name: 'first', issuers: ['One'], keys: fileOf(one.jwk) }),
    pin({ name: 'second', issuers: ['Two', 'Second'], keys: fileOf(two.jwk) }),
  ]

  it('the one that iss names vouches, and is named', async () => {
    expect(await verify(one.sign({ iss: 'One', iat }), both)).toMatchObject({ directory: 'first', issuer: 'One' })
    expect(await verify(two.sign({ iss: 'Second', iat }), both)).toMatchObject({
      directory: 'second',
      issuer: 'Second',
    })
  })

  it('none can vouch in the name of another', async () => {
    expect(await reasonsOf(verify(one.sign({ iss: 'Two', iat }), both))).toEqual(['statement-key-unknown'])
    expect(await reasonsOf(verify(one.sign({ iss: 'Two', iat }, { kid: 'two' }), both))).toEqual([
      'statement-signature-invalid',
    ])
    expect(await reasonsOf(verify(one.sign({ iss: 'Three', iat }), both))).toEqual(['statement-issuer-untrusted'])
  })
})

describe('claims that a directory has under other names', () => {
  const claims = { org_id: 'organisation.id', software_id: 'client_id', org_name: 'organisation.name' }
  const directories = [pin({ name: 'udap', issuers: ['One'], keys: fileOf(one.jwk), claims })]

  it('are those that the policy declares', async () => {
    const sent = { iss: 'One', iat, organisation: { id: 'o-1' }, client_id: 's-1', software_id: 'other', scope: 'a' }
    expect((await verify(one.sign(sent), directories))?.claims).toEqual({
      ...{ iss: 'One', iat, organisation: { id: 'o-1' }, client_id: 's-1', scope: 'a' },
      ...{ org_id: 'o-1', software_id: 's-1' },
    })
  })

  it('are absent where nothing stands under their path, whatever stands under their own name', async () => {
    const sent = { iss: 'One', iat, organisation: ['id'], org_id: 'forged', org_name: 'forged' }
    const verified = await verify(one.sign(sent), directories)
    expect(verified?.claims).not.toHaveProperty('org_id')
    expect(verified?.claims).not.toHaveProperty('org_name')
  })
})

describe('a statement that carries the chain of its signer', async () => {
  const valid = { notBefore: new Date('2026-01-01'), notAfter: new Date('2027-01-01') }
  const root = await mintAuthority({ ...valid, subject: [['CN', 'Signers']], keyType: 'ec' })
  const uri = 'https://app.example'
  const mint = (changes: object = {}): Promise<MintedCertificate> =>
    mintClientCertificate(root, {
      ...valid,
      keyType: 'ec',
      subjectAltNames: { uri: [uri] },
      extendedKeyUsage: null,
      ...changes,
    })
  const trust = buildTrustStore('signers', [parseCertificate(root.der)], [])
  const verifyChain = createSignerVerification({
    ...{ trust: () => trust, demand: null },
    revocation: () => {
      throw new Error('nobody is asked')
    },
  })
  const directories = [pin({ name: 'udap', issuers: [], keys: { kind: 'chain', trust: 'signers' } }, verifyChain)]

  async function signed(certificate: MintedCertificate, iss = uri, at = iat): Promise<string> {
    const signer = await createStatementSigner({ alg: 'ES256', kid: 'any', privateKey: certificate.privateKey })
    return signer.sign({ iss, iat: at }, { x5c: [certificate.der.toString('base64')] })
  }
  const reasons = async (compact: Promise<string>) => reasonsOf(verify(await compact, directories, ['ES256']))

  it('is believed in the name of its certificate', async () => {
    expect(await verify(await signed(await mint()), directories, ['ES256'])).toMatchObject({
      directory: 'udap',
      issuer: uri,
    })
    expect(
      await verify(await signed(await mint({ keyUsage: ['nonRepudiation'] })), directories, ['ES256']),
    ).not.toBeNull()
  })

  it('is not believed in another name, nor without any', async () => {
    expect(await reasons(signed(await mint(), 'https://other.example'))).toEqual(['statement-certificate-untrusted'])
    expect(await reasons(signed(await mint({ subjectAltNames: { dns: ['app.example'] } })))).toEqual([
      'statement-certificate-untrusted',
    ])
  })

  it.each<[string, object]>([
    ['is for encryption', { keyUsage: ['keyEncipherment'] }],
    ['has expired', { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }],
  ])('is not believed when its certificate %s', async (_, changes) => {
    expect(await reasons(signed(await mint(changes)))).toEqual(['statement-certificate-untrusted'])
  })

  it('is not believed when another authority issued its certificate', async () => {
    const stranger = await mintAuthority({ ...valid, subject: [['CN', 'Signers']], keyType: 'ec' })
    const own = await mintClientCertificate(stranger, { ...valid, keyType: 'ec', subjectAltNames: { uri: [uri] } })
    expect(await reasons(signed(own))).toEqual(['statement-certificate-untrusted'])
  })

  it('is not verified by the keys of a chain where the directory publishes keys', async () => {
    const published = [pin({ name: 'first', issuers: [uri], keys: fileOf(one.jwk) })]
    expect(await reasonsOf(verify(await signed(await mint()), published, ['ES256']))).toEqual(['statement-key-unknown'])
  })

  it('may be signed by a certificate whatever its extended purposes', async () => {
    const own = await mint({ extendedKeyUsage: [SERVER_AUTH] })
    expect(await verify(await signed(own), directories, ['ES256'])).not.toBeNull()
  })
})
