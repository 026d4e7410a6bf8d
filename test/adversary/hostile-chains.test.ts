import {
  findingOf as identificationFinding,
  identification,
  NOW,
  peerOf,
} from '../unit/certificate/identify-fixture.ts'
import type * as NodeCrypto from 'node:crypto'
import { verify } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../src/certificate/parse/parsed-certificate.ts'
import { buildTrustStore, type TrustStore } from '../../src/certificate/trust/trust-store.ts'
import type { Subject } from '../support/mint-subject.ts'
import { signingKey, type SigningKey } from '../support/signing-keys.ts'
import { writeCertificate } from '../support/write-certificate.ts'
import {
  authoritySpec,
  CLIENT_DER,
  clientSpec,
  findingOn,
  ISSUING,
  ISSUING_DER,
  ISSUING_KEY,
  ROOT,
  ROOT_DER,
  ROOT_KEY,
} from './hostile-fixture.ts'

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof NodeCrypto>()
  return { ...real, verify: vi.fn(real.verify) }
})

const verifications = vi.mocked(verify)

/** Looks for an anchor once for every step up, so its look-ups count the steps. */
class CountingMap extends Map<string, readonly ParsedCertificate[]> {
  lookUps = 0

  override get(name: string): readonly ParsedCertificate[] | undefined {
    this.lookUps += 1
    return super.get(name)
  }
}

let anchors: CountingMap

function trustIn(...ders: readonly Buffer[]): TrustStore {
  const store = buildTrustStore('example', ders.map(parseCertificate), [])
  anchors = new CountingMap(store.anchors)
  return { ...store, anchors }
}

const NAMED = (name: string): Subject => [['CN', name]]
const key = (number: number): SigningKey => signingKey('p256', 100 + number)
const count = <Item>(length: number, make: (index: number) => Item): readonly Item[] =>
  Array.from({ length }, (_, index) => make(index))
const authority = (subject: Subject, own: SigningKey, issuer: Subject, signer: SigningKey): Buffer =>
  writeCertificate(authoritySpec(subject, own, issuer, signer))

beforeEach(() => {
  verifications.mockClear()
})

describe('chains that cost more to look at than to send', () => {
  it('are counted before they are looked at', async () => {
    const links = count(100, (level) =>
      authority(NAMED(`Level ${String(level)}`), key(level), NAMED(`Level ${String(level + 1)}`), key(level + 1)),
    )
    const trust = trustIn(ROOT_DER)
    const identify = identification(trust, true, 8)
    expect(await identificationFinding(() => identify(peerOf([CLIENT_DER, ...links]), NOW))).toMatchObject({
      reason: 'client-certificate-chain-too-long',
      wanted: 'at most 8 certificates',
      found: '101',
    })
    expect([anchors.lookUps, verifications.mock.calls.length]).toEqual([0, 0])
  })

  it('are followed for eight certificates and no further, though each of a hundred really issued the next', () => {
    const names = [ROOT, ...count(99, (level) => NAMED(`Level ${String(level + 1)}`))]
    const links = count(99, (index) => {
      const [issuer = ROOT, subject = ROOT] = names.slice(index)
      return authority(subject, key(index + 1), issuer, index === 0 ? ROOT_KEY : key(index))
    })
    const client = writeCertificate(clientSpec({ issuer: names.at(-1) ?? ROOT, signer: key(99) }))
    expect(findingOn([client, ...links], trustIn(ROOT_DER))?.reason).toBe('client-certificate-issuer-unknown')
    expect([anchors.lookUps, verifications.mock.calls.length]).toEqual([8, 0])
  })

  it('are not gone round in: two authorities that issued each other', () => {
    const [one, other] = [NAMED('One'), NAMED('Other')]
    const client = writeCertificate(clientSpec({ issuer: one, signer: key(1) }))
    const circle = [authority(one, key(1), other, key(2)), authority(other, key(2), one, key(1))]
    expect(findingOn([client, ...circle], trustIn(ROOT_DER))?.reason).toBe('client-certificate-issuer-unknown')
    expect([anchors.lookUps, verifications.mock.calls.length]).toEqual([3, 0])
  })
})

describe('meshes of authorities that all seem to have issued each other (RFC 4158 6.2)', () => {
  const STEPS = 257
  const SIGNATURES = 64

  it('with one name and a hundred keys end after a bounded number of steps, without any arithmetic', () => {
    const name = NAMED('Everybody')
    const mesh = count(100, (index) => authority(name, key(index), name, key(index + 1)))
    const client = writeCertificate(clientSpec({ issuer: name, signer: key(0) }))
    expect(findingOn([client, ...mesh], trustIn(ROOT_DER))?.reason).toBe('client-certificate-issuer-unknown')
    expect(anchors.lookUps).toBeGreaterThan(100)
    expect(anchors.lookUps).toBeLessThanOrEqual(STEPS)
    expect(verifications).not.toHaveBeenCalled()
  })

  it('in layers, twelve to the power of seven paths in all, end after a bounded number of steps', () => {
    const layers = count(7, (layer) =>
      count(12, (index) =>
        authority(
          NAMED(`Layer ${String(layer)}`),
          key(12 * layer + index),
          NAMED(`Layer ${String(layer + 1)}`),
          key(0),
        ),
      ),
    ).flat()
    const client = writeCertificate(clientSpec({ issuer: NAMED('Layer 0'), signer: key(0) }))
    expect(findingOn([client, ...layers], trustIn(ROOT_DER))?.reason).toBe('client-certificate-issuer-unknown')
    expect(anchors.lookUps).toBeLessThanOrEqual(STEPS)
    expect(verifications).not.toHaveBeenCalled()
  })

  it('below anchors of their own name cost one signature for each way to an anchor that is tried', () => {
    const mesh = count(100, (index) => authority(ROOT, key(index), ROOT, key(index + 1)))
    const namesakes = count(3, (index) => authority(ROOT, key(200 + index), ROOT, key(200 + index)))
    const client = writeCertificate(clientSpec({ issuer: ROOT, signer: key(0) }))
    expect(findingOn([client, ...mesh], trustIn(ROOT_DER, ...namesakes))).toMatchObject({
      reason: 'client-certificate-signature-invalid',
      at: 'client certificate',
    })
    expect(anchors.lookUps).toBeLessThanOrEqual(STEPS)
    expect(verifications.mock.calls.length).toBeGreaterThan(1)
    expect(verifications.mock.calls.length).toBeLessThanOrEqual(16)
  })

  it('do not cost more when every signature in them is good', () => {
    const level = (number: number): Subject => (number === 0 ? ROOT : NAMED(`Good ${String(number)}`))
    const keysOf = (number: number): readonly SigningKey[] =>
      number === 0 ? [ROOT_KEY] : count(3, (index) => key(10 * number + index))
    const mesh = count(6, (number) =>
      keysOf(number).flatMap((signer) =>
        keysOf(number + 1).map((own) => authority(level(number + 1), own, level(number), signer)),
      ),
    ).flat()
    const client = writeCertificate(clientSpec({ issuer: level(6), signer: key(999) }))
    expect(findingOn([client, ...mesh], trustIn(ROOT_DER))?.reason).toBe('client-certificate-signature-invalid')
    expect(anchors.lookUps).toBeLessThanOrEqual(STEPS)
    expect(verifications.mock.calls.length).toBeLessThanOrEqual(SIGNATURES)
  })

  it('around a good chain do not turn a client away who puts the right issuer first', () => {
    const mesh = count(90, (index) => authority(ISSUING, key(index), ISSUING, key(index + 1)))
    expect(findingOn([CLIENT_DER, ISSUING_DER, ...mesh], trustIn(ROOT_DER))).toBeNull()
    expect(verifications.mock.calls.length).toBeLessThanOrEqual(SIGNATURES)
  })
})

describe('keys that a client brings', () => {
  it('are not computed with before an anchor vouches for them', () => {
    const unknown = authority(ISSUING, ISSUING_KEY, NAMED('nobody'), key(0))
    expect(findingOn([CLIENT_DER, unknown], trustIn(ROOT_DER))?.reason).toBe('client-certificate-issuer-unknown')
    const forged = authority(ISSUING, ISSUING_KEY, ROOT, key(0))
    expect(findingOn([CLIENT_DER, forged], trustIn(ROOT_DER))?.reason).toBe('client-certificate-signature-invalid')
    expect(verifications).toHaveBeenCalledTimes(1)
  })
})
