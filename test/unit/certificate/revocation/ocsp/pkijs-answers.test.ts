import { createHash, createPublicKey, webcrypto } from 'node:crypto'
import { Enumerated, OctetString, Primitive } from 'asn1js'
import * as pkijs from 'pkijs'
import { describe, expect, it } from 'vitest'
import { buildOcspRequest } from '../../../../../src/certificate/revocation/ocsp/build-ocsp-request.ts'
import {
  mintAuthority,
  mintClientCertificate,
  type KeyType,
  type MintedCertificate,
} from '../../../../support/mint-certificates.ts'
import { importForSigning } from '../../../../support/mint-keys.ts'
import { check, linkOf, minutesFromNow, mintDelegate, NOW } from './ocsp-fixture.ts'

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto })
const nonce = Buffer.alloc(20, 0x42)

const parsed = ({ der }: MintedCertificate): pkijs.Certificate => pkijs.Certificate.fromBER(new Uint8Array(der))
const GOOD = new Primitive({ idBlock: { tagClass: 3, tagNumber: 0 } })
const UNKNOWN = new Primitive({ idBlock: { tagClass: 3, tagNumber: 2 } })

interface Answer {
  readonly certificate: MintedCertificate
  readonly authority: MintedCertificate
  readonly signer: MintedCertificate
  readonly status?: Primitive
  readonly byKey?: boolean
  readonly padding?: 'pkcs1' | 'pss'
}

/** An answer made by pkijs, which shares no code with the gateway. */
async function answerOf({ certificate, authority, signer, status = GOOD, byKey, padding }: Answer): Promise<Buffer> {
  const basic = new pkijs.BasicOCSPResponse()
  const hashed = { hashAlgorithm: 'SHA-256', issuerCertificate: parsed(authority) }
  const certID = await pkijs.CertID.create(parsed(certificate), hashed, engine)
  const times = { thisUpdate: NOW, nextUpdate: minutesFromNow(60) }
  basic.tbsResponseData.responderID = byKey === true ? keyHash(signer) : parsed(signer).subject
  basic.tbsResponseData.producedAt = NOW
  basic.tbsResponseData.responses = [new pkijs.SingleResponse({ certID, certStatus: status, ...times })]
  const extnValue = new OctetString({ valueHex: new Uint8Array(nonce) }).toBER()
  basic.tbsResponseData.responseExtensions = [new pkijs.Extension({ extnID: '1.3.6.1.5.5.7.48.1.2', extnValue })]
  basic.certs = [parsed(signer)]
  const key = await importForSigning(signer.privateKey, { hash: 'SHA-256', padding: padding ?? 'pkcs1' })
  await basic.sign(key, 'SHA-256', engine)
  return wrap(basic)
}

function wrap(basic: pkijs.BasicOCSPResponse): Buffer {
  const response = new OctetString({ valueHex: basic.toSchema().toBER() })
  const responseBytes = new pkijs.ResponseBytes({ responseType: '1.3.6.1.5.5.7.48.1.1', response })
  const responseStatus = new Enumerated({ value: 0 })
  return Buffer.from(new pkijs.OCSPResponse({ responseStatus, responseBytes }).toSchema().toBER())
}

function keyHash({ privateKey }: MintedCertificate): OctetString {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const bits = pkijs.PublicKeyInfo.fromBER(new Uint8Array(spki)).subjectPublicKey.valueBlock.valueHexView
  return new OctetString({ valueHex: new Uint8Array(createHash('sha1').update(bits).digest()) })
}

describe.each([
  ['rsa', 'pkcs1'],
  ['rsa', 'pss'],
  ['ec', 'pkcs1'],
] as const satisfies readonly (readonly [KeyType, 'pkcs1' | 'pss'])[])(
  'answers made by pkijs (%s, %s)',
  async (keyType, padding) => {
    const authority = await mintAuthority({ keyType, keyLabel: 'pkijs authority' })
    const certificate = await mintClientCertificate(authority)
    const delegate = await mintDelegate(authority, { keyType })
    const link = linkOf(certificate, authority)
    const rules = { nonce, nonceMode: 'required' } as const

    it.each([
      ['the issuer, by name', authority, false],
      ['the issuer, by key', authority, true],
      ['the delegate, by name', delegate, false],
      ['the delegate, by key', delegate, true],
    ])('are good when signed by %s', async (_, signer, byKey) => {
      expect(check(await answerOf({ certificate, authority, signer, byKey, padding }), link, rules)).toEqual({
        kind: 'good',
        source: 'ocsp',
        thisUpdate: NOW,
        nextUpdate: minutesFromNow(60),
      })
    })

    it('are unknown when they say so', async () => {
      const bytes = await answerOf({ certificate, authority, signer: delegate, status: UNKNOWN, padding })
      expect(check(bytes, link, rules)).toEqual({ kind: 'unknown', why: 'the responder does not know the certificate' })
    })

    it('are unknown when a stranger signed them in the name of the delegate', async () => {
      const { privateKey } = await mintClientCertificate(authority, { keyType, keyLabel: 'stranger' })
      const bytes = await answerOf({ certificate, authority, signer: { ...delegate, privateKey }, padding })
      expect(check(bytes, link, rules)).toEqual({ kind: 'unknown', why: 'the answer was not signed by its responder' })
    })

    it('name the certificate as our question does', async () => {
      const request = pkijs.OCSPRequest.fromBER(new Uint8Array(buildOcspRequest(link, nonce, 'sha256')))
      const hashed = { hashAlgorithm: 'SHA-256', issuerCertificate: parsed(authority) }
      const certID = await pkijs.CertID.create(parsed(certificate), hashed, engine)
      expect(request.tbsRequest.requestList.map(({ reqCert }) => reqCert.isEqual(certID))).toEqual([true])
    })
  },
)
