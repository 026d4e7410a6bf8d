import { beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import type { CertificateFacts } from '../../../src/model/client.ts'
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.ts'
import { judge, type Verdict } from '../../../src/policy/judge/judge.ts'
import {
  mintAuthority,
  mintClientCertificate,
  type MintedAuthority,
  type Subject,
} from '../../support/mint-certificates.ts'
import { der, derOid } from '../../support/write-der.ts'
import {
  BRITISH_STATEMENTS,
  FRENCH_STATEMENTS,
  psd2Statement,
  qcStatements,
  qcTypes,
  qualifiedExtension,
  utf8,
} from '../../support/write-qualified-statements.ts'
import { loadPolicy, loadTexts, present } from './policy-fixture.ts'

const POLICY = `
members: { scope: string }
scopes:
  id: scopes-by-role
  grantedBy: certificate.qualified.psd2.roles
  roles: { PSP_AI: [accounts], PSP_PI: [payments], PSP_IC: [funds], 0.4.0.19495.1.77: [clearing] }
rules:
  - id: authority
    title: t
    message: the authority must be that of the number
    require: >-
      certificate.qualified.psd2.ncaId ==
      certificate.organizationIdentifier.country + "-" + certificate.organizationIdentifier.authority
    wanted: certificate.qualified.psd2.ncaId
    found: certificate.subject.CN
  - { id: website, title: t, message: m, require: '"web" in certificate.qualified.types' }
`
const WEB = '0.4.0.1862.1.6.3'
const AI = '0.4.0.19495.1.3'
const PROVIDER: Subject = [
  ['C', 'GB'],
  ['O', 'Larkfield Finance Ltd'],
  ['organizationIdentifier', 'PSDGB-FCA-918273'],
  ['CN', '0015800009zQxTkAAK'],
]

let policy: CompiledPolicy
let authority: MintedAuthority

beforeAll(async () => {
  policy = await loadPolicy(POLICY)
  authority = await mintAuthority()
})

/** From a certificate as it arrives to what the policy says of it. */
async function judgeCertificate(subject: Subject, statements: Buffer | null, scope?: string): Promise<Verdict> {
  const extraExtensions = statements === null ? [] : [qualifiedExtension(statements)]
  const { der: bytes } = await mintClientCertificate(authority, { subject, extraExtensions })
  const certificate: CertificateFacts = parseCertificate(bytes).facts
  return judge(policy, present({ certificate, sent: scope === undefined ? {} : { scope } }))
}

const outcome = ({ findings }: Verdict): string[] => findings.map(({ rule, reason }) => `${rule ?? ''} ${reason}`)

describe('a policy for qualified certificates', () => {
  it('grants the scopes of the roles in the certificate (regimes, section 8.1)', async () => {
    const { findings, metadata } = await judgeCertificate(PROVIDER, BRITISH_STATEMENTS)
    expect(findings).toEqual([])
    expect(metadata).toEqual({ scope: 'accounts payments' })
  })

  it('refuses the scope of another role, and another authority than that of the number', async () => {
    const verdict = await judgeCertificate(PROVIDER, FRENCH_STATEMENTS, 'accounts payments')
    expect(verdict.findings).toMatchObject([
      { rule: 'scopes-by-role', reason: 'rule-broken', found: 'payments' },
      { rule: 'authority', reason: 'rule-broken', wanted: 'FR-ACPR' },
    ])
  })

  it('goes by the OID of a role, not by the name beside it (regimes, section 6.1 item 6)', async () => {
    const roles = [
      [AI, 'PSP_PI'],
      ['0.4.0.19495.1.77', 'PSP_IC'],
    ] as const
    const statements = qcStatements(qcTypes(WEB), psd2Statement(roles, 'Financial Conduct Authority', 'GB-FCA'))
    expect((await judgeCertificate(PROVIDER, statements)).metadata).toEqual({ scope: 'accounts clearing' })
    expect(outcome(await judgeCertificate(PROVIDER, statements, 'payments'))).toEqual(['scopes-by-role rule-broken'])
  })

  it.each([
    ['states nothing', null, ['scopes-by-role rule-failed', 'authority rule-failed', 'website rule-broken']],
    ['states the type alone', qcStatements(qcTypes(WEB)), ['scopes-by-role rule-failed', 'authority rule-failed']],
    [
      'is that of a seal',
      qcStatements(qcTypes('0.4.0.1862.1.6.2'), psd2Statement([[AI, 'PSP_AI']], 'FCA', 'GB-FCA')),
      ['website rule-broken'],
    ],
    ['has no role', qcStatements(qcTypes(WEB), psd2Statement([], 'FCA', 'GB-FCA')), ['scopes-by-role rule-broken']],
  ])('refuses a certificate that %s, and does not crash over it', async (_, statements, expected) => {
    expect(outcome(await judgeCertificate(PROVIDER, statements))).toEqual(expected)
  })

  it.each<[string, Subject]>([
    ['none', [['CN', 'a']]],
    ['one of a trade register', [['organizationIdentifier', 'NTRGB-918273']]],
    ['one without the form', [['organizationIdentifier', 'FCA 918273']]],
    [
      'two',
      [
        ['organizationIdentifier', 'PSDGB-FCA-918273'],
        ['organizationIdentifier', 'PSDGB-FCA-918274'],
      ],
    ],
  ])('refuses a subject with another organizationIdentifier: %s', async (_, subject) => {
    const verdict = await judgeCertificate(subject, BRITISH_STATEMENTS)
    expect(outcome(verdict)).toEqual(['authority rule-failed'])
    expect(verdict.findings[0]?.message).toBe('the authority must be that of the number')
  })

  it('says in the detail what an expression missed', async () => {
    const [failed] = (await judgeCertificate([['CN', 'a']], null)).findings
    expect(failed).toMatchObject({ reason: 'rule-failed', detail: 'No such key: psd2' })
  })

  it('tells nothing of a hostile subject without escaping it', async () => {
    const hostile: Subject = [
      ['organizationIdentifier', 'PSDGB-XX-1'],
      ['CN', 'a\nb\0c\u202ed'],
    ]
    const { findings } = await judgeCertificate(hostile, BRITISH_STATEMENTS)
    expect(findings).toMatchObject([{ rule: 'authority', found: String.raw`["a\nb\u0000c\u{202e}d"]` }])
    expect(JSON.stringify(findings)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('never sees statements with NUL or a line end: their certificate is malformed', async () => {
    const hostile = qcStatements(
      qcTypes(WEB),
      psd2Statement([[AI, 'PSP_AI']], 'FCA\n\0{"decision":"granted"}', 'GB-FCA'),
    )
    await expect(judgeCertificate(PROVIDER, hostile)).rejects.toThrow('nCAName holds control or formatting characters')
  })

  it('sees user principal names', async () => {
    const upn = '1.3.6.1.4.1.311.20.2.3'
    const names = der(0x30, der(0xa0, derOid(upn), der(0xa0, utf8('ana@a.example'))))
    const { der: bytes } = await mintClientCertificate(authority, {
      extraExtensions: [{ oid: '2.5.29.17', critical: false, value: names }],
    })
    const rule = `certificate.subjectAltNames.otherName["${upn}"].exists(n, n.endsWith("@a.example"))`
    const other = await loadPolicy(`rules: [{ id: r, title: t, message: m, require: '${rule}' }]`)
    expect(judge(other, present({ certificate: parseCertificate(bytes).facts })).held).toEqual(['r'])
  })
})

describe('a misspelt name of the certificate is a fault of the policy', () => {
  it.each([
    ['certificate.qualifed.types == []', 'qualified'],
    ['certificate.qualified.tipes == []', 'types'],
    ['"PSP_AI" in certificate.qualified.psd2.role', 'roles'],
    ['has(certificate.qualified.psd3)', 'psd2'],
    ['certificate.qualified.?psd2.?rolez.orValue([]) == []', 'roles'],
    ['certificate.qualified.psd2.ncaID == ""', 'ncaId'],
    ['certificate.organisationIdentifier.scheme == ""', 'organizationIdentifier'],
    ['certificate.organizationIdentifier.athority == ""', 'authority'],
    ['certificate.?organizationIdentifier.?countri.orValue("") == ""', 'country'],
    ['certificate.subjectAltNames.otherNames["1.2.3"] == []', 'otherName'],
    ['certificate.subject.rdns.all(r, r.all(a, a.stringTipe == ""))', 'stringType'],
    ['certificate.subject.rdns[0][0].?stringTipe.orValue("") == ""', 'stringType'],
    ['certificate.subject.rdnz == []', 'rdns'],
  ])('%s', async (expression, hint) => {
    const rule = `rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(expression)} }]`
    const { faults, policies } = await loadTexts({ tested: rule })
    expect(faults).toMatchObject([
      { path: 'rules[0].require', wanted: 'a declared name', hint: `did you mean ${hint}?` },
    ])
    expect(policies.size).toBe(0)
  })

  it('and so is a comparison with another type', async () => {
    const rule = (require: string): string => `rules: [{ id: r, title: t, message: m, require: '${require}' }]`
    for (const expression of ['certificate.qualified.psd2 == "PSP_AI"', 'certificate.qualified.types == "web"'])
      expect((await loadTexts({ tested: rule(expression) })).faults).toHaveLength(1)
  })
})
