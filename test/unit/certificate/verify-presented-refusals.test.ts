import { sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { NO_POLICY_DEMANDED } from '../../../src/certificate/path/path-inputs.ts'
import { verifyPresented } from '../../../src/certificate/verify-presented.ts'
import {
  SERVER_AUTH,
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  type MintedExtension,
} from '../../support/mint-certificates.ts'
import { der } from '../../support/write-der.ts'
import { resignCertificate } from './parse/rebuild-certificate.ts'
import { ISSUING, ROOT, mintChain, refusalOf, trustOf, verifyChain, type Chain } from './chain-fixture.ts'

const UNKNOWN_CRITICAL: MintedExtension = { oid: '1.2.3.4', critical: true, value: der(0x05) }

let chain: Chain

beforeAll(async () => {
  chain = await mintChain()
})

describe('verifyPresented refuses', () => {
  it('what is no certificate', () => {
    const verdict = verifyPresented(Buffer.from('junk'), [], chain.trust)
    expect(refusalOf(verdict)).toEqual({
      reason: 'client-certificate-malformed',
      at: 'client certificate',
      found: 'not ASN.1',
    })
  })

  it('issuers that nobody trusts, and says which one is missing', async () => {
    const unknown = (found: string): object => ({
      reason: 'client-certificate-issuer-unknown',
      at: 'client certificate',
      found,
    })
    expect(refusalOf(verifyPresented(chain.client.der, [], chain.trust))).toEqual(
      unknown('issuer CN=Issuing,O=Example'),
    )
    expect(refusalOf(verifyChain(chain.client, trustOf([])))).toEqual(unknown('issuer CN=Root,O=Example'))
    const selfSigned = await mintSelfSigned({ subject: [['CN', 'me']] })
    expect(refusalOf(verifyPresented(selfSigned.der, [selfSigned.der], chain.trust))).toEqual(unknown('issuer CN=me'))
  })

  it.each([
    ['a client certificate', {}, { extraExtensions: [UNKNOWN_CRITICAL] }, 'client certificate', 'extension 1.2.3.4'],
    [
      'an issuer',
      { extraExtensions: [UNKNOWN_CRITICAL] },
      {},
      'issuer certificate',
      'extension 1.2.3.4, of CN=Issuing,O=Example',
    ],
    [
      'an issuer with information about its subject that must not be passed over',
      { extraExtensions: [{ oid: '1.3.6.1.5.5.7.1.11', critical: true, value: der(0x30) }] },
      {},
      'issuer certificate',
      'extension 1.3.6.1.5.5.7.1.11, of CN=Issuing,O=Example',
    ],
  ])(
    'critical extensions that are not understood, of %s (RFC 5280 6.1.4 (o), 6.1.5 (f))',
    async (_, ofIssuer, ofClient, at, found) => {
      const middle = await mintAuthority({ issuer: chain.root, subject: ISSUING, ...ofIssuer })
      const leaf = await mintClientCertificate(middle, ofClient)
      expect(refusalOf(verifyChain(leaf, chain.trust))).toEqual({
        reason: 'client-certificate-extension-unknown',
        at,
        found,
      })
    },
  )

  it.each([
    ['without basic constraints', { basicConstraints: null }, 'no certificate authority'],
    ['with cA false', { basicConstraints: { ca: false } }, 'no certificate authority'],
    ['without keyCertSign', { keyUsage: ['cRLSign' as const] }, 'key usage cRLSign'],
  ])('an issuer %s (RFC 5280 6.1.4 (k) and (n))', async (_, options, found) => {
    const middle = await mintAuthority({ issuer: chain.root, subject: ISSUING, ...options })
    expect(refusalOf(verifyChain(await mintClientCertificate(middle), chain.trust))).toEqual({
      reason: 'client-certificate-issuer-not-ca',
      at: 'issuer certificate',
      found: `${found}, of CN=Issuing,O=Example`,
    })
  })

  it('a certificate that another client issued with its own', async () => {
    const forged = await mintClientCertificate(chain.client)
    expect(refusalOf(verifyChain(forged, chain.trust))).toEqual({
      reason: 'client-certificate-issuer-not-ca',
      at: 'issuer certificate',
      found: 'no certificate authority, of CN=client.example.com',
    })
  })

  it.each([
    ['an intermediate', 0, undefined],
    ['the anchor', undefined, 1],
  ])('more intermediates than %s allows (RFC 5280 6.1.4 (l))', async (_, ofIntermediate, ofAnchor) => {
    const top = await mintAuthority({ subject: ROOT, ...(ofAnchor === undefined ? {} : { pathLength: ofAnchor }) })
    const upper = await mintAuthority({
      subject: [['CN', 'Upper']],
      issuer: top,
      ...(ofIntermediate === undefined ? {} : { pathLength: ofIntermediate }),
    })
    const lower = await mintAuthority({ subject: [['CN', 'Lower']], issuer: upper })
    const name = ofAnchor === undefined ? 'CN=Upper' : 'CN=Root,O=Example'
    expect(refusalOf(verifyChain(await mintClientCertificate(lower), trustOf([top])))).toEqual({
      reason: 'client-certificate-path-too-long',
      at: 'issuer certificate',
      found: `${String((ofAnchor ?? 0) + 1)}, of ${name}`,
    })
  })

  it.each([
    [
      'a client certificate for servers only',
      {},
      { extendedKeyUsage: [SERVER_AUTH] },
      'client certificate',
      `extended key usage ${SERVER_AUTH}`,
    ],
    [
      'a client certificate for anything',
      {},
      { extendedKeyUsage: ['2.5.29.37.0'] },
      'client certificate',
      'extended key usage 2.5.29.37.0',
    ],
    [
      'a client certificate that names no purpose',
      {},
      { extendedKeyUsage: null },
      'client certificate',
      'no extended key usage',
    ],
    [
      'a client certificate that may not sign',
      {},
      { keyUsage: ['keyAgreement' as const] },
      'client certificate',
      'key usage keyAgreement',
    ],
    [
      'an issuer for servers only',
      { extendedKeyUsage: [SERVER_AUTH] },
      {},
      'issuer certificate',
      `extended key usage ${SERVER_AUTH}, of CN=Issuing,O=Example`,
    ],
  ])('%s', async (_, ofIssuer, ofClient, at, found) => {
    const middle = await mintAuthority({ issuer: chain.root, subject: ISSUING, ...ofIssuer })
    const leaf = await mintClientCertificate(middle, ofClient)
    expect(refusalOf(verifyChain(leaf, chain.trust))).toEqual({ reason: 'client-certificate-wrong-purpose', at, found })
  })

  it.each([
    ['negative', '81', '-7f'],
    ['zero', '00', '0'],
  ])('a client certificate whose serial number is %s', async (_, serialNumber, found) => {
    const leaf = await mintClientCertificate(chain.issuing)
    const tbs = { serialNumber: der(0x02, Buffer.from(serialNumber, 'hex')) }
    const changed = resignCertificate(leaf.der, tbs, (bytes) => sign('sha256', bytes, chain.issuing.privateKey))
    expect(refusalOf(verifyPresented(changed, [chain.issuing.der], chain.trust))).toEqual({
      reason: 'client-certificate-serial-number-invalid',
      at: 'client certificate',
      found,
    })
    expect(verifyPresented(changed, [chain.issuing.der], chain.trust, NO_POLICY_DEMANDED, [])).toHaveProperty('paths')
  })

  it.each([
    ['NUL', 'bank.example\0.evil.example', String.raw`CN=bank.example\00.evil.example`],
    ['a line end', 'a\nb', String.raw`CN=a\0Ab`],
    ['DEL', 'a\x7f', String.raw`CN=a\7F`],
  ])('a client certificate whose subject has %s in it', async (_, name, found) => {
    const leaf = await mintClientCertificate(chain.issuing, { subject: [['CN', name]] })
    expect(refusalOf(verifyChain(leaf, chain.trust))).toEqual({
      reason: 'client-certificate-subject-invalid',
      at: 'client certificate',
      found,
    })
    expect(verifyPresented(leaf.der, [chain.issuing.der], chain.trust, NO_POLICY_DEMANDED, [])).toHaveProperty('paths')
  })

  it('chains of more than eight certificates below the anchor', async () => {
    let issuer = chain.root
    for (let level = 1; level <= 7; level += 1)
      issuer = await mintAuthority({ issuer, subject: [['CN', `Level ${String(level)}`]] })
    expect(verifyChain(await mintClientCertificate(issuer), chain.trust)).toHaveProperty('paths.length', 1)
    issuer = await mintAuthority({ issuer, subject: [['CN', 'Level 8']] })
    expect(refusalOf(verifyChain(await mintClientCertificate(issuer), chain.trust)).reason).toBe(
      'client-certificate-issuer-unknown',
    )
  })

  it('a path that comes close to the client with what is wrong there, not with what is wrong further off', async () => {
    const impostors = await Promise.all([1, 2].map(() => mintAuthority({ subject: ROOT })))
    const leaf = await mintClientCertificate(chain.issuing, { extendedKeyUsage: [SERVER_AUTH] })
    const stores = [trustOf([...impostors, chain.root]), trustOf([chain.root, ...impostors])]
    for (const store of stores)
      expect(refusalOf(verifyChain(leaf, store)).reason).toBe('client-certificate-wrong-purpose')
  })

  it('with a message for the registrant, and with serial number and thumbprint for the operator alone', async () => {
    const leaf = await mintClientCertificate(chain.issuing, { subject: [], extendedKeyUsage: null, serialNumber: '0a' })
    const verdict = verifyChain(leaf, chain.trust)
    if (!('refused' in verdict)) throw new Error('accepted')
    expect(verdict.refused).toMatchObject({
      message: 'the client certificate is not for TLS client authentication',
      wanted: 'extended key usage clientAuth (1.3.6.1.5.5.7.3.2)',
    })
    expect(verdict.refused.detail).toMatch(/^certificate without a subject, serial number a, SHA-256 [\w-]{43}$/)
  })

  it('with values of at most 200 characters, however long the names are', async () => {
    const long = await mintAuthority({ subject: [['CN', '😀'.repeat(300)]] })
    const found = refusalOf(verifyChain(await mintClientCertificate(long), chain.trust)).found ?? ''
    expect(Array.from(found)).toHaveLength(200)
    expect(found).toMatch(/^issuer CN=😀+…$/u)
  })
})
