import { describe, expect, it } from 'vitest'
import type { RevocationAnswer } from '../../../src/certificate/revocation/store/revocation-store.ts'
import { writeRevocation, writeRevocationDemand } from '../../../src/commands/write-revocation.ts'
import { issuing, mintClient, parsed, root } from '../certificate/explain-fixture.ts'

const link = { certificate: parsed(await mintClient()), issuer: parsed(issuing) }
const above = { certificate: parsed(issuing), issuer: parsed(root) }
const AT = new Date('2026-01-02T00:00:00Z')

const write = (client: RevocationAnswer | null, issuer: RevocationAnswer | null): readonly string[] =>
  writeRevocation({
    refused: null,
    certificates: [
      { link, isClient: true, answer: client },
      { link: above, isClient: false, answer: issuer },
    ],
  })

describe('revocation in words', () => {
  it('has the status of every certificate, and what could not tell', () => {
    const tried = [
      { source: 'ocsp', why: 'unreachable: connect ECONNREFUSED' } as const,
      { source: 'crl', why: 'no list' } as const,
    ]
    expect(
      write(
        { status: { kind: 'good', source: 'ocsp', thisUpdate: AT, nextUpdate: null }, tried: [] },
        { status: { kind: 'unknown', why: '' }, tried },
      ),
    ).toEqual([
      'revocation of the client: good, by OCSP of 2026-01-02T00:00:00Z',
      'revocation of CN=Issuing: unknown',
      '  OCSP does not tell: unreachable: connect ECONNREFUSED',
      '  CRL does not tell: no list',
    ])
  })

  it('says where nobody can be asked, and where nobody was since it does not matter any more', () => {
    expect(write({ status: { kind: 'revoked', source: 'crl', revokedAt: AT, reason: null }, tried: [] }, null)).toEqual(
      [
        'revocation of the client: revoked at 2026-01-02T00:00:00Z, no reason given, by CRL',
        'revocation of CN=Issuing: not asked about, since another certificate is revoked',
      ],
    )
    expect(write({ status: { kind: 'unknown', why: 'x' }, tried: [] }, null)[0]).toBe(
      'revocation of the client: unknown, there is nobody to ask',
    )
  })

  it('has the demand of a policy in one line', () => {
    const issuers = [{ issuerKey: 'x', unknown: 'refuse' } as const]
    expect(
      writeRevocationDemand({ check: ['ocsp', 'crl'], unknown: 'accept', lastGoodHoldsSeconds: 60, issuers }),
    ).toBe(
      'by OCSP, then CRL, unknown is accepted, exceptions for 1 issuer, the last good answer holds for 60 s past its end',
    )
    expect(writeRevocationDemand(null)).toBe('not asked about')
  })
})
