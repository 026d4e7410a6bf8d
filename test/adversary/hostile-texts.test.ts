import fc from 'fast-check'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { buildAuditRecord } from '../../src/audit/audit-record.ts'
import { refuse, type Finding, type Refusal } from '../../src/model/refusal.ts'
import type { Attribute, StringType, Subject } from '../support/mint-subject.ts'
import { writeCertificate } from '../support/write-certificate.ts'
import type { NameSpec } from '../support/write-extensions.ts'
import {
  authoritySpec,
  clientSpec,
  findingOn,
  ISSUING_KEY,
  NOW,
  ROOT,
  ROOT_DER,
  ROOT_KEY,
  trustIn,
} from './hostile-fixture.ts'

/** Control characters, invisible ones that turn text around, and line ends beyond ASCII. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const RUNS = 400

const nasty = fc.constantFrom(
  '\0',
  '\n',
  '\r',
  '\x1b[31m',
  '\x7f',
  '\x85',
  '\x9b2J',
  '\u2028',
  '\u202e',
  '\ufeff',
  '"',
  '\\',
  ',',
)
const texts = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 80 })
  .map((parts) => parts.join(''))
const attributes: fc.Arbitrary<Attribute> = fc.tuple(
  fc.constantFrom('CN', 'O', 'OU', 'L', '2.5.4.97', '1.2.840.113549.1.9.1'),
  texts,
  fc.constantFrom<StringType>('utf8', 'printable', 'ia5', 'teletex', 'bmp', 'universal', 'visible'),
)
const names: fc.Arbitrary<Subject> = fc.array(attributes, { minLength: 1, maxLength: 4 })

/** Ways to get hostile names into a refusal, by the reasons they lead to. */
const CONSTRAINTS: readonly (readonly NameSpec[])[] = [
  [{ form: 'directory', name: [['O', 'Other']] }],
  [{ form: 'email', text: 'other.example' }],
]

function refusals(subject: Subject, issuer: Subject): readonly (Finding | null)[] {
  const issuing = (changes = {}): Buffer =>
    writeCertificate(authoritySpec(issuer, ISSUING_KEY, ROOT, ROOT_KEY, changes))
  const client = writeCertificate(clientSpec({ subject, issuer }))
  const basicConstraints = { ca: true }
  return [
    findingOn([client]),
    findingOn([client, issuing()]),
    findingOn([client, issuing({ extensions: {} })]),
    findingOn([client, issuing({ notAfter: new Date('2026-02-01T00:00:00Z') })]),
    findingOn([writeCertificate(clientSpec({ subject, issuer, extensions: {} })), issuing()]),
    ...CONSTRAINTS.map((permitted) =>
      findingOn([client, issuing({ extensions: { basicConstraints, nameConstraints: { permitted } } })]),
    ),
    findingOn([client], trustIn(ROOT_DER)),
  ]
}

function auditLine(refusal: Refusal): string {
  return JSON.stringify(
    buildAuditRecord({
      arrival: {
        ...{ decisionId: 'decision', receivedAt: NOW, method: 'POST', target: '/register', rawHeaders: [] },
        peer: { address: '192.0.2.1', tlsVersion: 'TLSv1.3', serverName: null, presented: [], openssl: null },
        ...{ body: Readable.from([]), gone: new AbortController().signal },
      },
      ...{ refusal, answer: { status: 401, headers: {}, body: null }, timings: {} },
    }),
  )
}

describe('names with any characters', () => {
  it(`leave none unescaped in what is said, audited and logged (${String(RUNS)} runs)`, { timeout: 120_000 }, () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(names, names, (subject, issuer) => {
        for (const finding of refusals(subject, issuer)) {
          if (finding === null) continue
          seen.add(finding.reason)
          const said = [finding.at, finding.message, finding.wanted, finding.found, finding.detail].join(' ')
          expect(said).not.toMatch(UNSAFE)
          expect(auditLine(refuse(finding))).not.toMatch(UNSAFE)
        }
      }),
      { numRuns: RUNS },
    )
    expect([...seen].sort()).toEqual([
      'client-certificate-issuer-expired',
      'client-certificate-issuer-not-ca',
      'client-certificate-issuer-unknown',
      'client-certificate-name-not-permitted',
      'client-certificate-subject-invalid',
      'client-certificate-wrong-purpose',
    ])
  })
})
