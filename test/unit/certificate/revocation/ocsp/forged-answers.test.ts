import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import { checkOcspResponse } from '../../../../../src/certificate/revocation/ocsp/check-ocsp-response.ts'
import {
  OcspSyntaxError,
  parseOcspResponse,
} from '../../../../../src/certificate/revocation/ocsp/parse-ocsp-response.ts'
import type { RevocationStatus } from '../../../../../src/certificate/revocation/revocation-status.ts'
import { mintAuthority, mintClientCertificate, mintSelfSigned } from '../../../../support/mint-certificates.ts'
import { der } from '../../../../support/write-der.ts'
import {
  check,
  extension,
  forgeAnswer,
  linkOf,
  mintDelegate,
  minutesFromNow,
  NO_CHECK,
  nonceExtension,
  OCSP_SIGNING,
  RULES,
  type ForgedAnswer,
} from './ocsp-fixture.ts'

const NAME = [['CN', 'Issuing']] as const
const root = await mintAuthority({ subject: [['CN', 'Root']] })
const authority = await mintAuthority({ subject: NAME, issuer: root })
const namesake = await mintAuthority({ subject: NAME, issuer: root })
const sibling = await mintAuthority({ subject: [['CN', 'Sibling']], issuer: root })
const child = await mintAuthority({ subject: [['CN', 'Child']], issuer: authority })
const client = await mintClientCertificate(authority)
const link = linkOf(client, authority)
const delegate = await mintDelegate(authority)

const ANY_PURPOSE = '2.5.29.37.0'
const delegates = {
  'without the purpose': await mintDelegate(authority, { extendedKeyUsage: null }),
  'for any purpose': await mintDelegate(authority, { extendedKeyUsage: [ANY_PURPOSE] }),
  'that is a client': await mintClientCertificate(authority),
  'that may not sign': await mintDelegate(authority, { keyUsage: ['keyAgreement'] }),
  'that expired': await mintDelegate(authority, { notBefore: minutesFromNow(-9), notAfter: minutesFromNow(-1) }),
  'of tomorrow': await mintDelegate(authority, { notBefore: minutesFromNow(1) }),
  'with a weak key': await mintDelegate(authority, { keyType: 'rsa-1024' }),
  'on a curve that is not accepted': await mintDelegate(authority, { keyType: 'ec-secp256k1' }),
  'with a critical extension that is not known': await mintDelegate(authority, {
    extraExtensions: [...NO_CHECK, { oid: '1.2.3.4', critical: true, value: der(0x05) }],
  }),
  'of the root above': await mintDelegate(root),
  'of a sibling authority': await mintDelegate(sibling),
  'of a subordinate authority': await mintDelegate(child),
  'of another authority of the same name': await mintDelegate(namesake),
  'of the same key under another name': await mintDelegate(authority, { issuerName: [['CN', 'Other']] }),
  'that signed itself': await mintSelfSigned({ extendedKeyUsage: [OCSP_SIGNING], extraExtensions: NO_CHECK }),
}

const NOT_ITS = 'the responder certificate was not issued by the issuer of the certificate in question'
const NOT_FOR_OCSP = 'the responder certificate is not for signing OCSP answers'
const NOT_NOW = 'the responder certificate is not valid now'
const WEAK = 'the responder certificate has a weak or unknown key'
const WHY_NOT: Readonly<Record<keyof typeof delegates, string>> = {
  'without the purpose': NOT_FOR_OCSP,
  'for any purpose': NOT_FOR_OCSP,
  'that is a client': NOT_FOR_OCSP,
  'that may not sign': 'the responder certificate is not for signatures',
  'that expired': NOT_NOW,
  'of tomorrow': NOT_NOW,
  'with a weak key': WEAK,
  'on a curve that is not accepted': WEAK,
  'with a critical extension that is not known':
    'the responder certificate has a critical extension that is not supported',
  'of the root above': NOT_ITS,
  'of a sibling authority': NOT_ITS,
  'of a subordinate authority': NOT_ITS,
  'of another authority of the same name': NOT_ITS,
  'of the same key under another name': NOT_ITS,
  'that signed itself': NOT_ITS,
}

function judge(changes: Partial<ForgedAnswer>): RevocationStatus {
  return check(forgeAnswer({ link, signer: authority, ...changes }), link)
}

describe('an answer is not believed when it was signed by a delegate', () => {
  it.each(Object.entries(delegates))('%s', (what, signer) => {
    const why = WHY_NOT[what as keyof typeof delegates]
    for (const responderId of ['name', 'key'] as const)
      expect(judge({ signer, responderId, certificates: [signer] })).toEqual({ kind: 'unknown', why })
  })

  it('whose certificate is not there', () => {
    expect(judge({ signer: delegate })).toEqual({
      kind: 'unknown',
      why: 'the answer names a responder whose certificate is not known',
    })
  })

  it('that the operator configured, after its time', () => {
    const expired = delegates['that expired']
    const bytes = forgeAnswer({ link, signer: expired })
    expect(check(bytes, link, { extraResponders: [parseCertificate(expired.der)] })).toEqual({
      kind: 'unknown',
      why: 'the configured responder certificate is not valid now',
    })
  })

  it('that the operator configured, with a weak key', () => {
    const weak = delegates['with a weak key']
    const bytes = forgeAnswer({ link, signer: weak })
    expect(check(bytes, link, { extraResponders: [parseCertificate(weak.der)] })).toEqual({
      kind: 'unknown',
      why: 'the configured responder certificate has a weak or unknown key',
    })
  })
})

const NOT_SIGNED = 'the answer was not signed by its responder'
const ABOUT_OTHERS = 'the answer is about other certificates'
const FORGED: readonly (readonly [what: string, changes: Partial<ForgedAnswer>, why: string])[] = [
  ['by another authority of the same name', { signer: namesake }, NOT_SIGNED],
  ['by that one, with its certificate carried', { signer: namesake, certificates: [namesake] }, NOT_SIGNED],
  ['by the client in the name of the issuer', { signer: { ...client, der: authority.der } }, NOT_SIGNED],
  [
    'by the client in the name of the delegate',
    { signer: { ...client, der: delegate.der }, certificates: [delegate] },
    NOT_SIGNED,
  ],
  ['by the root above', { signer: root, certificates: [root] }, NOT_ITS],
  ['with SHA-1', { digest: 'sha1' }, 'the answer is signed with a weak or unknown algorithm'],
  ['for another serial number', { singles: [{ serialNumber: 5n }] }, ABOUT_OTHERS],
  [
    'for the serial number negated',
    { singles: [{ serialNumber: -BigInt(`0x${link.certificate.facts.serialNumber}`) }] },
    ABOUT_OTHERS,
  ],
  [
    'for the same serial number of another issuer',
    { singles: [{ about: { ...link, issuer: parseCertificate(namesake.der) } }] },
    ABOUT_OTHERS,
  ],
  ['for another issuer name', { singles: [{ issuerNameHash: Buffer.alloc(20) }] }, ABOUT_OTHERS],
  ['for another issuer key', { singles: [{ issuerKeyHash: Buffer.alloc(20) }] }, ABOUT_OTHERS],
  ['for an empty issuer key', { singles: [{ issuerKeyHash: Buffer.alloc(0) }] }, ABOUT_OTHERS],
  ['with a hash that is not known', { singles: [{ hash: 'md5' }] }, ABOUT_OTHERS],
  [
    'that says good and revoked',
    { singles: [{}, { status: { revokedAt: minutesFromNow(-1) } }] },
    'the answer contradicts itself',
  ],
  [
    'that says good and unknown in two spellings',
    { singles: [{ hash: 'sha256' }, { status: 'unknown' }] },
    'the answer contradicts itself',
  ],
  ['that says unknown', { singles: [{ status: 'unknown' }] }, 'the responder does not know the certificate'],
  [
    'that is stale',
    { singles: [{ thisUpdate: minutesFromNow(-99), nextUpdate: minutesFromNow(-50) }] },
    'the answer is out of date',
  ],
  [
    'with a critical extension',
    { extensions: [extension('1.2.3.4', der(0x05), true)] },
    'the answer has a critical extension that is not supported',
  ],
  [
    'with a critical extension of one part',
    { singles: [{ extensions: [extension('2.5.29.29', der(0x05), true)] }] },
    'the answer has a critical extension that is not supported',
  ],
  [
    'with a critical extension of an older part',
    { singles: [{}, { thisUpdate: minutesFromNow(-9), extensions: [extension('1.2.3.4', der(0x05), true)] }] },
    'the answer has a critical extension that is not supported',
  ],
]

describe('an answer is not believed that was made', () => {
  it.each(FORGED)('%s', (_, changes, why) => {
    expect(judge(changes)).toEqual({ kind: 'unknown', why })
  })

  it('for a certificate of the same serial number by another authority of the same name', () => {
    const other = { certificate: link.certificate, issuer: parseCertificate(namesake.der) }
    const stolen = forgeAnswer({ link, signer: authority })
    expect(check(stolen, link)).toMatchObject({ kind: 'good' })
    expect(check(stolen, other)).toEqual({ kind: 'unknown', why: NOT_SIGNED })
  })
})

describe('damage', () => {
  const nonce = Buffer.alloc(16, 3)
  const whole = forgeAnswer({
    link,
    signer: delegate,
    responderId: 'key',
    certificates: [delegate],
    extensions: [nonceExtension(nonce)],
  })
  const outcome = (bytes: Buffer): string => {
    try {
      return checkOcspResponse(parseOcspResponse(bytes), link, { ...RULES, nonce, nonceMode: 'required' }).kind
    } catch (failure) {
      // Any other error would be a crash.
      if (failure instanceof OcspSyntaxError) return 'syntax'
      throw failure
    }
  }

  it('is absent from the answer that is damaged below', () => {
    expect(outcome(whole)).toBe('good')
  })

  it('of any single bit in every seventh byte never leaves the answer good, nor crashes', () => {
    const outcomes = new Set<string>()
    for (let position = 0; position < whole.length; position += 7) {
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = Buffer.from(whole)
        damaged[position] = (whole[position] ?? 0) ^ (1 << bit)
        outcomes.add(outcome(damaged))
      }
    }
    expect([...outcomes].sort()).toEqual(['syntax', 'unknown'])
  })

  it('by cutting off the end never leaves the answer good', () => {
    const lengths = Array.from({ length: whole.length }, (_, length) => length)
    expect(new Set(lengths.map((length) => outcome(whole.subarray(0, length))))).toEqual(new Set(['syntax']))
  })
})
