import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import { describe, expect, it } from 'vitest'
import { loadBundles, type UnverifiedBundle } from '../../../../src/policy/bundle/load-bundles.ts'
import { packPolicies } from '../../../../src/policy/bundle/pack-policies.ts'
import { writeBundle } from '../../../../src/policy/bundle/policy-bundle.ts'
import { signBundle } from '../../../../src/policy/bundle/sign-bundle.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'

const REGULATOR = generateKeyPairSync('rsa', { modulusLength: 2048 })
const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 })
const BYTES = writeBundle(await packPolicies('policies', ['rfc7591', 'open-finance-brasil']))

const signed = async (bytes: Buffer, key: KeyObject, kid = 'regulator-1'): Promise<string> =>
  (await signBundle(bytes, key, kid)).detached

const bundleOf = (bytes: Buffer, signature: string, sha256: string | null = null): UnverifiedBundle => ({
  file: 'brasil.bundle',
  bytes,
  signature,
  sha256,
})

const jwks = (...keys: readonly (readonly [string, KeyObject])[]): string =>
  JSON.stringify({ keys: keys.map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid })) })

const SIGNERS = jwks(['regulator-1', REGULATOR.publicKey])

async function faultsOf(bundles: readonly UnverifiedBundle[], signers = SIGNERS): Promise<readonly string[]> {
  const { faults } = await loadBundles({ bundles, signers: { file: 'signers.jwks', text: signers } })
  return faults.map(({ file, wanted, found }) => `${file}: ${wanted} / ${found}`)
}

/** A detached JWS with a header of the attacker's choice. */
async function forged(header: Record<string, unknown>, key: KeyObject | Uint8Array, bytes = BYTES): Promise<string> {
  const compact = await new CompactSign(bytes).setProtectedHeader({ alg: 'PS256', ...header }).sign(key)
  const [head, , signature] = compact.split('.')
  return `${head ?? ''}..${signature ?? ''}`
}

describe('signed bundles', () => {
  it('load the policies they hold, with the hash that the folder gives', async () => {
    const { policies, faults } = await loadBundles({
      bundles: [bundleOf(BYTES, await signed(BYTES, REGULATOR.privateKey))],
      signers: { file: 'signers.jwks', text: SIGNERS },
    })
    expect(faults).toEqual([])
    const { policies: fromFolder } = await loadPolicies('policies')
    expect(policies.get('open-finance-brasil')?.sha256).toBe(fromFolder.get('open-finance-brasil')?.sha256)
  })

  it.each([
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('may be signed with %s', async (_, { privateKey, publicKey }) => {
    expect(
      await faultsOf([bundleOf(BYTES, await signed(BYTES, privateKey))], jwks(['regulator-1', publicKey])),
    ).toEqual([])
  })

  it('of somebody else are not loaded', async () => {
    const stranger = await signed(BYTES, STRANGER.privateKey, 'stranger')
    expect(await faultsOf([bundleOf(BYTES, stranger)])).toEqual([
      'brasil.bundle: a detached JWS of regulator-1 / one of stranger',
    ])
  })

  it("of somebody else under the signer's name are not loaded", async () => {
    const impostor = await signed(BYTES, STRANGER.privateKey)
    expect(await faultsOf([bundleOf(BYTES, impostor)])).toEqual([
      'brasil.bundle: a detached JWS of regulator-1 / a signature that does not match (ERR_JWS_SIGNATURE_VERIFICATION_FAILED)',
    ])
  })

  it('that were changed after signing are not loaded', async () => {
    const signature = await signed(BYTES, REGULATOR.privateKey)
    const changed = Buffer.from(BYTES.toString().replace('maxAgeSeconds: 300', 'maxAgeSeconds: 900'))
    expect(changed.equals(BYTES)).toBe(false)
    expect(await faultsOf([bundleOf(changed, signature)])).toEqual([expect.stringContaining('does not match')])
  })

  it('are not taken for a signature that the same key made of something else', async () => {
    const statement = await forged({ kid: 'regulator-1', typ: 'JWT' }, REGULATOR.privateKey)
    expect(await faultsOf([bundleOf(BYTES, statement)])).toEqual([
      'brasil.bundle: typ dcr-gateway-bundle+jws in the signature / JWT',
    ])
  })

  it('are not taken under an algorithm that the key is not pinned for', async () => {
    const weaker = await forged(
      { alg: 'RS256', kid: 'regulator-1', typ: 'dcr-gateway-bundle+jws' },
      REGULATOR.privateKey,
    )
    expect(await faultsOf([bundleOf(BYTES, weaker)])).toEqual([expect.stringContaining('ERR_JOSE_ALG_NOT_ALLOWED')])
    const secret = Buffer.from(REGULATOR.publicKey.export({ format: 'pem', type: 'spki' }))
    const symmetric = await forged({ alg: 'HS256', kid: 'regulator-1', typ: 'dcr-gateway-bundle+jws' }, secret)
    expect(await faultsOf([bundleOf(BYTES, symmetric)])).toEqual([expect.stringContaining('ERR_JOSE_ALG_NOT_ALLOWED')])
  })

  it.each(['', 'x', 'a.b.c', 'a..b..c', '..'])('are not taken with %j for a signature', async (signature) => {
    expect(await faultsOf([bundleOf(BYTES, signature)])).toEqual([
      expect.stringContaining('brasil.bundle: a detached JWS of regulator-1 / '),
    ])
  })

  it('that are older than the pinned one are not loaded, though they were signed as well', async () => {
    const signature = await signed(BYTES, REGULATOR.privateKey)
    const found = createHash('sha256').update(BYTES).digest('hex')
    expect(await faultsOf([bundleOf(BYTES, signature, found)])).toEqual([])
    const pinned = '0'.repeat(64)
    expect(await faultsOf([bundleOf(BYTES, signature, pinned)])).toEqual([
      `brasil.bundle: the pinned SHA-256 ${pinned} / ${found}`,
    ])
  })

  it('may not hold a policy that another one holds', async () => {
    const bundle = bundleOf(BYTES, await signed(BYTES, REGULATOR.privateKey))
    expect(await faultsOf([bundle, { ...bundle, file: 'other.bundle' }])).toContain(
      'other.bundle:rfc7591/policy.yaml: a policy that no other bundle holds / rfc7591 in brasil.bundle:rfc7591/policy.yaml',
    )
  })

  it('may extend the policy of another one', async () => {
    const base = writeBundle(await packPolicies('policies', ['rfc7591']))
    const own = writeBundle(await packPolicies('policies', ['open-finance-brasil']))
    const bank = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const bundles = [
      bundleOf(base, await signed(base, REGULATOR.privateKey)),
      { ...bundleOf(own, await signed(own, bank.privateKey, 'bank')), file: 'bank.bundle' },
    ]
    const signers = jwks(['regulator-1', REGULATOR.publicKey], ['bank', bank.publicKey])
    expect(await faultsOf(bundles, signers)).toEqual([])
  })

  it('say where in which of their files a fault is', async () => {
    const faulty = writeBundle({ files: new Map([['harbour/policy.yaml', 'name: harbour\n']]) })
    const { faults } = await loadBundles({
      bundles: [bundleOf(faulty, await signed(faulty, REGULATOR.privateKey))],
      signers: { file: 'signers.jwks', text: SIGNERS },
    })
    expect(faults[0]).toMatchObject({ file: 'brasil.bundle:harbour/policy.yaml', path: 'apiVersion' })
  })
})

describe('the keys of signers', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  it.each([
    ['no JSON', 'nothing', 'no JSON'],
    ['no keys', '{"keys":[]}', 'no keys'],
    ['a key without id', JSON.stringify({ keys: [REGULATOR.publicKey.export({ format: 'jwk' })] }), 'none at keys[0]'],
    ['a private key', jwks(['r', REGULATOR.privateKey]), 'a private one at keys[0]'],
    ['a symmetric key', '{"keys":[{"kid":"r","kty":"oct","k":"AAAA"}]}', 'a private one at keys[0]'],
    ['a weak key', jwks(['r', weak.publicKey]), 'another at keys[0]'],
    ['two keys of one id', jwks(['r', REGULATOR.publicKey], ['r', STRANGER.publicKey]), 'two with kid r'],
    ['null', '{"keys":[null]}', 'none at keys[0]'],
  ])('are refused where there is %s, and no bundle is loaded', async (_, document, found) => {
    const bundle = bundleOf(BYTES, await signed(BYTES, REGULATOR.privateKey))
    const { policies, faults } = await loadBundles({
      bundles: [bundle],
      signers: { file: 'signers.jwks', text: document },
    })
    expect(policies.size).toBe(0)
    expect(faults).toMatchObject([{ file: 'signers.jwks', found }])
  })
})
