import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { CompactEncrypt, EncryptJWT, SignJWT, generateKeyPair, type CompactJWEHeaderParameters } from 'jose'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { createKeyRing, type SealingKey } from '../../../src/sealing/key-ring.ts'

function keyOf(id: string, bytes = randomBytes(32)): SealingKey {
  return { id, key: new Secret(bytes.toString('base64url')) }
}

const [OLD, NEW] = [keyOf('2026-01'), keyOf('2026-11')]
const ring = createKeyRing([NEW, OLD])
const TEXT = '["client","ä€😀"]'
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What somebody with the key could make, by another header. */
function sealedWith(header: CompactJWEHeaderParameters, { key } = NEW, text = TEXT): Promise<string> {
  return new CompactEncrypt(Buffer.from(text))
    .setProtectedHeader(header)
    .encrypt(createSecretKey(Buffer.from(key.reveal(), 'base64url')))
}
const GOOD = { alg: 'dir', enc: 'A256GCM', kid: NEW.id, typ: 'management-token' }

describe('a key ring', () => {
  it('opens what it sealed, any text, and shows nothing of it to others', async () => {
    const sealed = await ring.seal('management-token', TEXT)
    expect(sealed).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain('client')
    expect(await ring.open('management-token', sealed)).toBe(TEXT)
  })

  it('seals the same text another way each time', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => ring.seal('kept-answer', TEXT)))
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(50)
  })

  it.each([
    ['management-token', 'kept-answer'],
    ['kept-answer', 'management-token'],
  ] as const)('opens what was sealed as %s never as %s', async (purpose, other) => {
    expect(await ring.open(other, await ring.seal(purpose, TEXT))).toBeNull()
  })

  it('seals with its first key, and opens with all: keys can be rotated', async () => {
    const before = await createKeyRing([OLD]).seal('management-token', TEXT)
    const between = await createKeyRing([OLD, NEW]).seal('management-token', TEXT)
    const after = await ring.seal('management-token', TEXT)
    for (const sealed of [before, between, after]) expect(await ring.open('management-token', sealed)).toBe(TEXT)
    expect(await createKeyRing([NEW]).open('management-token', before)).toBeNull()
    expect(await createKeyRing([NEW]).open('management-token', after)).toBe(TEXT)
  })

  it('opens nothing of another ring, though its keys have the same names', async () => {
    const foreign = createKeyRing([keyOf(NEW.id), keyOf(OLD.id)])
    expect(await ring.open('management-token', await foreign.seal('management-token', TEXT))).toBeNull()
  })

  it('cannot be without a key', () => {
    expect(() => createKeyRing([])).toThrow(RangeError)
  })
})

describe('a key ring gives nothing, and does not fail, for', () => {
  it.each(['', ' ', '.', '....', 'a.b.c.d.e', 'a..b.c.d', 'null', '{}', '\u0000', 'ä€😀', 'e30', 'e30..AA.AA.AA'])(
    'foreign text: %j',
    async (text) => {
      expect(await ring.open('management-token', text)).toBeNull()
    },
  )

  it('text of a million characters, of whatever kind', async () => {
    const sealed = await ring.seal('management-token', TEXT)
    const huge = [
      'x'.repeat(1_000_000),
      '.'.repeat(1_000_000),
      `${'e30'.repeat(300_000)}..AA.AA.AA`,
      `${encode({ ...GOOD, pad: 'x'.repeat(700_000) })}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA`,
      `${sealed}${'A'.repeat(1_000_000)}`,
      `${encode('['.repeat(100_000))}..AA.AA.AA`,
    ]
    for (const text of huge) expect(await ring.open('management-token', text)).toBeNull()
  })

  it('every text that is damaged in one character', async () => {
    const sealed = await ring.seal('management-token', 'short')
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === 'A' ? 'Q' : 'A'
      const damaged = `${sealed.slice(0, index)}${other}${sealed.slice(index + 1)}`
      // The last character of a part may carry bits that stand for nothing.
      const sameBytes = damaged
        .split('.')
        .every((part, at) =>
          Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[at] ?? '', 'base64url')),
        )
      if (!sameBytes || index < sealed.indexOf('.')) expect(await ring.open('management-token', damaged)).toBeNull()
    }
  })

  it('text that is cut off anywhere', async () => {
    const sealed = await ring.seal('management-token', 'short')
    for (let end = 0; end < sealed.length; end += 1)
      expect(await ring.open('management-token', sealed.slice(0, end))).toBeNull()
  })

  it('parts of two sealed texts put together', async () => {
    const [one, two] = [await ring.seal('management-token', 'a'), await ring.seal('management-token', 'b')]
    for (let at = 2; at < 5; at += 1) {
      const mixed = one.split('.').map((part, index) => (index === at ? two.split('.')[at] : part))
      expect(await ring.open('management-token', mixed.join('.'))).toBeNull()
    }
  })

  it('a header that names another purpose, key or algorithm than it was sealed with', async () => {
    const [, ...rest] = (await ring.seal('kept-answer', TEXT)).split('.')
    const headers = [
      { ...GOOD },
      { ...GOOD, kid: OLD.id },
      { ...GOOD, alg: 'A256KW' },
      { ...GOOD, alg: 'none' },
      { ...GOOD, alg: 'RSA-OAEP' },
      { ...GOOD, enc: 'A128GCM' },
      { ...GOOD, enc: 'A256CBC-HS512' },
    ]
    for (const header of headers)
      expect(await ring.open('management-token', [encode(header), ...rest].join('.'))).toBeNull()
  })

  it.each<[string, object]>([
    ['no purpose', { typ: undefined }],
    ['a purpose that is no text', { typ: ['management-token'] }],
    ['a purpose in other letters', { typ: 'Management-Token' }],
    ['no key', { kid: undefined }],
    ['a key that is no text', { kid: 5 }],
    ['a key that every object has', { kid: '__proto__' }],
    ['a key that every object inherits', { kid: 'constructor' }],
    ['a key that the ring does not have', { kid: '2027-01' }],
    ['the name of a key that did not seal it', { kid: OLD.id }],
    ['an extension that must be understood', { crit: ['exp'], exp: 1 }],
  ])('what the right key sealed with a header that has %s', async (_, change) => {
    const header: Record<string, unknown> = { ...GOOD, ...change }
    const sealed = sealedByHand(header)
    expect(await ring.open('management-token', sealed)).toBeNull()
  })

  it('what the right key sealed by another algorithm', async () => {
    const others = [
      { ...GOOD, alg: 'A256KW' },
      { ...GOOD, alg: 'A256GCMKW' },
    ]
    for (const header of others) expect(await ring.open('management-token', await sealedWith(header))).toBeNull()
    const short = createSecretKey(Buffer.from(NEW.key.reveal(), 'base64url').subarray(0, 16))
    const weak = await new CompactEncrypt(Buffer.from(TEXT))
      .setProtectedHeader({ ...GOOD, enc: 'A128GCM' })
      .encrypt(short)
    expect(await ring.open('management-token', weak)).toBeNull()
  })

  it('what is compressed: a small text must not become a large one', async () => {
    for (const zip of ['DEF', 'GZIP', '']) {
      expect(await ring.open('management-token', sealedByHand({ ...GOOD, zip }))).toBeNull()
    }
  })

  it('signed tokens, and sealed ones that carry claims', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const signed = await new SignJWT({ a: 1 })
      .setProtectedHeader({ alg: 'ES256', kid: NEW.id, typ: 'management-token' })
      .sign(privateKey)
    const keyed = await new EncryptJWT({ a: 1 })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: NEW.id })
      .encrypt(createSecretKey(Buffer.from(NEW.key.reveal(), 'base64url')))
    for (const token of [signed, keyed]) expect(await ring.open('management-token', token)).toBeNull()
  })
})

/** As jose would not write it: the header is what it is, and authenticated. */
function sealedByHand(header: Record<string, unknown>): string {
  const protectedHeader = encode(header)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(NEW.key.reveal(), 'base64url'), iv)
  cipher.setAAD(Buffer.from(protectedHeader))
  const text = Buffer.concat([cipher.update(TEXT, 'utf8'), cipher.final()])
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedHeader, '', ...parts].join('.')
}

it('a header by hand, with nothing wrong, opens: what is tried above fails for what is wrong with it', async () => {
  expect(await ring.open('management-token', sealedByHand(GOOD))).toBe(TEXT)
})
