import { expect, it } from 'vitest'
import { CertificateCache } from '../../../../src/certificate/trust/certificate-cache.ts'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import {
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  type MintedCertificate,
} from '../../../support/mint-certificates.ts'
import { ISSUING, mintChain, trustOf, verifyChain } from '../chain-fixture.ts'

const parse = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)
const thumbprintOf = (certificate: MintedCertificate): string => parse(certificate).facts.thumbprint

it('holds as many certificates as it may, the newest', async () => {
  const [one, two, three] = [
    parse(await mintSelfSigned()),
    parse(await mintSelfSigned()),
    parse(await mintSelfSigned()),
  ]
  const cache = new CertificateCache(2)
  cache.remember([one, two])
  cache.remember([two, three])
  expect([one, two, three].map(({ facts }) => cache.find(facts.thumbprint))).toEqual([undefined, two, three])
})

it('takes an intermediate apart once, however many clients present it', async () => {
  const { root, issuing, client } = await mintChain()
  const trust = trustOf([root])
  const other = await mintClientCertificate(issuing)
  const intermediateOf = (certificate: MintedCertificate): ParsedCertificate | undefined => {
    const verdict = verifyChain(certificate, trust)
    return 'paths' in verdict ? verdict.paths[0].intermediates[0] : undefined
  }
  const first = intermediateOf(client)
  expect(first?.der).toEqual(issuing.der)
  expect(intermediateOf(other)).toBe(first)
})

it('remembers nothing that no anchor vouches for', async () => {
  const { root, client } = await mintChain()
  const trust = trustOf([root])
  const stranger = await mintAuthority({ subject: [['CN', 'Stranger']] })
  const strange = await mintAuthority({ issuer: stranger, subject: ISSUING })
  expect(verifyChain(client, trust, [stranger.der, strange.der])).toHaveProperty('paths.length', 1)
  verifyPresented((await mintClientCertificate(strange)).der, [strange.der, stranger.der], trust)
  expect([stranger, strange].map((authority) => trust.vouchedFor.find(thumbprintOf(authority)))).toEqual([
    undefined,
    undefined,
  ])
  expect(client.issuer === null ? undefined : trust.vouchedFor.find(thumbprintOf(client.issuer))).toBeDefined()
})
