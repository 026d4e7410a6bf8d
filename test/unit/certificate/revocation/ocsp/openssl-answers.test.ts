import { afterAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import { buildOcspRequest } from '../../../../../src/certificate/revocation/ocsp/build-ocsp-request.ts'
import {
  checkOcspResponse,
  type OcspRules,
} from '../../../../../src/certificate/revocation/ocsp/check-ocsp-response.ts'
import { parseOcspResponse } from '../../../../../src/certificate/revocation/ocsp/parse-ocsp-response.ts'
import type { RevocationStatus } from '../../../../../src/certificate/revocation/revocation-status.ts'
import { mintAuthority, mintClientCertificate, type MintedCertificate } from '../../../../support/mint-certificates.ts'
import { linkOf, mintDelegate, RULES } from './ocsp-fixture.ts'
import { openOpensslResponder, REVOKED_AT, type OpensslResponder } from '../../../../support/openssl-responder.ts'

const nonce = Buffer.alloc(32, 0x42)
const responders: OpensslResponder[] = []
afterAll(() => Promise.all(responders.map(({ stop }) => stop())))

describe.each(['rsa', 'ec', 'ec-p384', 'ed25519'] as const)(
  'answers of `openssl ocsp` with keys of type %s',
  async (keyType) => {
    const authority = await mintAuthority({ keyType, keyLabel: 'openssl authority' })
    const mint = () => mintClientCertificate(authority, { keyType: 'ec' })
    const [good, revoked, held, unlisted] = await Promise.all([mint(), mint(), mint(), mint()])
    const delegate = await mintDelegate(authority, { keyType })
    const clientOfName = await mintClientCertificate(authority, { keyType })
    const entries = [
      { certificate: good },
      { certificate: revoked, revokedFor: 'keyCompromise' },
      { certificate: held, revokedFor: 'certificateHold' },
    ]
    const open = async (signer: MintedCertificate): Promise<OpensslResponder> => {
      const responder = await openOpensslResponder(authority, entries, signer)
      responders.push(responder)
      return responder
    }
    const ask = async (
      responder: OpensslResponder,
      certificate: MintedCertificate,
      options: readonly string[] = [],
      rules: Partial<OcspRules> = {},
    ): Promise<RevocationStatus> => {
      const link = linkOf(certificate, authority)
      const bytes = await responder.answer(buildOcspRequest(link, nonce), ...options)
      const now = new Date()
      return checkOcspResponse(parseOcspResponse(bytes), link, {
        ...RULES,
        nonce,
        nonceMode: 'required',
        now,
        ...rules,
      })
    }
    // Ed25519 signs without a digest, which openssl has to be told.
    const plain = keyType === 'ed25519' ? [] : ['-rmd', 'sha384']
    const WITH_END = ['-ndays', '2', ...plain]

    it('signed by the issuer: good, with begin and end', async () => {
      const status = await ask(await open(authority), good, WITH_END)
      expect(status).toMatchObject({ kind: 'good', source: 'ocsp' })
      if (status.kind !== 'good') return
      expect(Number(status.nextUpdate) - Number(status.thisUpdate)).toBe(2 * 86_400_000)
    })

    it('signed by the delegate: good, without end', async () => {
      expect(await ask(await open(delegate), good)).toMatchObject({ kind: 'good', nextUpdate: null })
    })

    it('that name the responder by its key: good', async () => {
      for (const signer of [authority, delegate])
        expect(await ask(await open(signer), good, ['-resp_key_id'])).toMatchObject({ kind: 'good' })
    })

    it('revoked, with reason and moment', async () => {
      const responder = await open(delegate)
      expect(await ask(responder, revoked)).toEqual({
        kind: 'revoked',
        source: 'ocsp',
        revokedAt: REVOKED_AT,
        reason: 'keyCompromise',
      })
      expect(await ask(responder, held)).toMatchObject({ kind: 'revoked', reason: 'certificateHold' })
    })

    it('about a certificate that it does not know: unknown', async () => {
      expect(await ask(await open(delegate), unlisted)).toEqual({
        kind: 'unknown',
        why: 'the responder does not know the certificate',
      })
    })

    it('to a question with SHA-256', async () => {
      const link = linkOf(good, authority)
      const bytes = await (await open(delegate)).answer(buildOcspRequest(link, null, 'sha256'))
      const rules = { ...RULES, now: new Date() }
      expect(checkOcspResponse(parseOcspResponse(bytes), link, rules)).toMatchObject({ kind: 'good' })
    })

    it('without the certificate of the delegate: only where the operator configured it', async () => {
      const responder = await open(delegate)
      const extraResponders = [parseCertificate(delegate.der)]
      expect(await ask(responder, good, ['-resp_no_certs'])).toMatchObject({ kind: 'unknown' })
      expect(await ask(responder, good, ['-resp_no_certs'], { extraResponders })).toMatchObject({ kind: 'good' })
    })

    it('signed by a client certificate of the same issuer: unknown', async () => {
      expect(await ask(await open(clientOfName), good)).toEqual({
        kind: 'unknown',
        why: 'the responder certificate is not for signing OCSP answers',
      })
    })

    it('to an earlier question: unknown, as the nonce is another', async () => {
      const other = Buffer.alloc(32, 0x43)
      expect(await ask(await open(delegate), good, [], { nonce: other })).toEqual({
        kind: 'unknown',
        why: 'the answer repeats another nonce',
      })
    })

    it('that have run out: unknown', async () => {
      const now = new Date(Date.now() + 3 * 86_400_000)
      expect(await ask(await open(authority), good, WITH_END, { now })).toEqual({
        kind: 'unknown',
        why: 'the answer is out of date',
      })
    })
  },
)
