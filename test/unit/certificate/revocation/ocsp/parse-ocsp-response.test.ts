import { describe, expect, it } from 'vitest'
import {
  OcspSyntaxError,
  parseOcspResponse,
} from '../../../../../src/certificate/revocation/ocsp/parse-ocsp-response.ts'
import type { BasicOcspResponse } from '../../../../../src/certificate/revocation/ocsp/parsed-ocsp-response.ts'
import { mintAuthority, mintClientCertificate } from '../../../../support/mint-certificates.ts'
import { der, derInteger } from '../../../../support/write-der.ts'
import {
  extension,
  forgeAnswer,
  linkOf,
  minutesFromNow,
  mintDelegate,
  nonceExtension,
  NOW,
  wrapBasic,
  type ForgedAnswer,
  type ForgedSingle,
} from './ocsp-fixture.ts'

const authority = await mintAuthority()
const link = linkOf(await mintClientCertificate(authority), authority)
const delegate = await mintDelegate(authority)

function parseBasic(changes: Partial<ForgedAnswer> = {}): BasicOcspResponse {
  const parsed = parseOcspResponse(forgeAnswer({ link, signer: authority, ...changes }))
  if (parsed.kind !== 'basic') throw new Error('no answer')
  return parsed
}

describe('an OCSP answer', () => {
  it('is taken apart', () => {
    const nonce = Buffer.from('nonce of the gateway')
    const certificates = [delegate, authority]
    const parsed = parseBasic({ certificates, version: 0, extensions: [nonceExtension(nonce)] })
    expect(parsed).toMatchObject({ producedAt: NOW, nonce, unknownCritical: null })
    expect(parsed.responderId).toEqual({ kind: 'name', subjectKey: link.issuer.subjectKey })
    expect(parsed.certificates().map((carried) => carried.der)).toEqual([delegate.der, authority.der])
    expect(parsed.responses).toEqual([
      expect.objectContaining({ status: { kind: 'good' }, thisUpdate: NOW, nextUpdate: minutesFromNow(60) }),
    ])
    expect(parsed.responses[0]?.certId).toMatchObject({
      hashAlgorithm: '1.3.14.3.2.26',
      serialNumber: link.certificate.facts.serialNumber,
    })
  })

  it('may name its responder by key', () => {
    expect(parseBasic({ responderId: 'key' }).responderId).toEqual({ kind: 'key', hash: expect.any(Buffer) as Buffer })
  })

  it('may have no end', () => {
    expect(parseBasic({ singles: [{ nextUpdate: null }] }).responses[0]?.nextUpdate).toBeNull()
  })

  it.each([
    [undefined, null],
    [0, 'unspecified'],
    [1, 'keyCompromise'],
    [4, 'superseded'],
    [6, 'certificateHold'],
    [8, 'removeFromCRL'],
    [10, 'aACompromise'],
    [7, null],
    [99, null],
  ])('may revoke for reason %s', (reason, expected) => {
    const status = { revokedAt: minutesFromNow(-9), ...(reason === undefined ? {} : { reason }) }
    expect(parseBasic({ singles: [{ status }] }).responses[0]?.status).toEqual({
      kind: 'revoked',
      revokedAt: minutesFromNow(-9),
      reason: expected,
    })
  })

  it('tells which critical extension is not known, of the answer and of each part', () => {
    const critical = extension('1.2.3.4', der(0x05), true)
    const parsed = parseBasic({ extensions: [critical], singles: [{ extensions: [critical] }, {}] })
    expect(parsed.unknownCritical).toBe('1.2.3.4')
    expect(parsed.responses.map(({ unknownCritical }) => unknownCritical)).toEqual(['1.2.3.4', null])
  })

  it('takes critical extensions that ask nothing of us', () => {
    const cutoff = extension('1.3.6.1.5.5.7.48.1.6', der(0x05), true)
    const parsed = parseBasic({
      extensions: [extension('1.3.6.1.5.5.7.48.1.9', der(0x05), true)],
      singles: [{ extensions: [cutoff] }],
    })
    expect(parsed.unknownCritical).toBeNull()
    expect(parsed.responses[0]?.unknownCritical).toBeNull()
  })

  it('passes over what is carried as a certificate and is none', () => {
    const junk = { ...delegate, der: der(0x30, der(0x05)) }
    expect(
      parseBasic({ certificates: [junk, delegate] })
        .certificates()
        .map((carried) => carried.der),
    ).toEqual([delegate.der])
  })

  it('is kept without what takes many times its bytes: certificates that anybody on the way can add', () => {
    const parsed = parseBasic({ certificates: [delegate] })
    expect(parsed.certificates()[0]).not.toBe(parsed.certificates()[0])
    expect(Object.values(parsed).filter((part) => Array.isArray(part))).toEqual([parsed.responses])
  })

  it.each([
    [1, 'malformedRequest'],
    [2, 'internalError'],
    [3, 'tryLater'],
    [5, 'sigRequired'],
    [6, 'unauthorized'],
  ])('with status %i is %s', (code, status) => {
    expect(parseOcspResponse(der(0x30, der(0x0a, Buffer.of(code))))).toEqual({ kind: 'error', status })
  })
})

const forge = (changes: Partial<ForgedAnswer>): Buffer => forgeAnswer({ link, signer: authority, ...changes })
const single = (changes: ForgedSingle): Buffer => forge({ singles: [changes] })
const answer = forge({})

const REFUSED: readonly (readonly [what: string, bytes: Buffer, message: string])[] = [
  ['nothing', Buffer.alloc(0), 'not ASN.1'],
  ['a page of HTML', Buffer.from('<html>'), 'not ASN.1'],
  ['bytes after the answer', Buffer.concat([answer, Buffer.of(0)]), 'not ASN.1'],
  ['more than 64 KiB', der(0x30, Buffer.alloc(65_536)), 'more than 65536 bytes'],
  ['the unused status 4', der(0x30, der(0x0a, Buffer.of(4))), 'responseStatus is not one of RFC 6960'],
  ['status 7', der(0x30, der(0x0a, Buffer.of(7))), 'responseStatus is not one of RFC 6960'],
  ['success without an answer', der(0x30, der(0x0a, Buffer.of(0))), 'responseBytes is missing'],
  ['an error with an answer', wrapBasic(der(0x30), undefined, 3), 'OCSPResponse has unexpected fields'],
  ['another type of answer', wrapBasic(der(0x30), '1.2.3.4'), 'responseType is not the basic one'],
  ['an empty answer', wrapBasic(der(0x30)), 'tbsResponseData of BasicOCSPResponse is missing'],
  ['version 2', forge({ version: 1 }), 'not version 1'],
  ['no parts', forge({ singles: [] }), 'responses is empty'],
  ['more parts than a hundred', forge({ singles: Array.from({ length: 101 }, () => ({})) }), 'more than 100 responses'],
  [
    'more certificates than four',
    forge({ certificates: Array.from({ length: 5 }, () => delegate) }),
    'more than 4 certs',
  ],
  ['a responder of a third kind', forge({ responderId: der(0xa3, der(0x05)) }), 'responderID is neither name nor key'],
  ['a responder key that is no bytes', forge({ responderId: der(0xa2, der(0x05)) }), 'responderID has the wrong type'],
  [
    'certificates of more than 16 KiB',
    forge({ certificates: [{ ...delegate, der: der(0x30, der(0x04, Buffer.alloc(16_384))) }] }),
    'certs of more than 16384 bytes',
  ],
  [
    'an extension twice',
    forge({ extensions: [nonceExtension(Buffer.of(1)), nonceExtension(Buffer.of(2))] }),
    'extension 1.3.6.1.5.5.7.48.1.2 occurs twice',
  ],
  [
    'a nonce without its inner type',
    forge({ extensions: [extension('1.3.6.1.5.5.7.48.1.2', derInteger(7))] }),
    'nonce has the wrong type',
  ],
  [
    'a signature with a half byte',
    wrapBasic(der(0x30, der(0x30), der(0x30), der(0x03, Buffer.of(4, 0x10)))),
    'signature holds no whole bytes',
  ],
  [
    'a reason of many bytes',
    single({ status: { revokedAt: NOW, reason: 200 } }),
    'revocationReason is no listed number',
  ],
]

describe('bytes that are no OCSP answer are refused:', () => {
  it.each(REFUSED)('%s', (_, bytes, message) => {
    expect(() => parseOcspResponse(bytes)).toThrow(new OcspSyntaxError(message))
  })

  it.each([
    ['good with contents', der(0x80, Buffer.of(1))],
    ['good that is constructed', der(0xa0, der(0x05))],
    ['a fourth one', der(0x83)],
    ['a universal NULL', der(0x05)],
  ])('a status that is %s', (_, status) => {
    const parsing = () => parseOcspResponse(single({ status }))
    expect(parsing).toThrow(new OcspSyntaxError('certStatus is none of the three'))
  })

  it('every truncation of a good answer', () => {
    const whole = forge({ certificates: [delegate], extensions: [nonceExtension(Buffer.alloc(16, 1))] })
    expect(parseOcspResponse(whole).kind).toBe('basic')
    for (let length = 0; length < whole.length; length += 1)
      expect(() => parseOcspResponse(whole.subarray(0, length))).toThrow(OcspSyntaxError)
  })
})
