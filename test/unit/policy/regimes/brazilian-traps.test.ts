import { describe, expect, it } from 'vitest'
import { REASONS, type Reason } from '../../../../src/model/reasons.ts'
import { openRegime } from './regime-fixture.ts'

const { policy, given, judge, broken } = await openRegime('open-finance-brasil')
const SOFTWARE = '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11'
const ORGANISATION = '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44'
const SUBJECT = given.certificate?.subject ?? ''
const OLD_SUBJECT = `UID=${SOFTWARE},CN=mtls.ipe.example.com.br,OU=${ORGANISATION},O=Banco Ipe SA,L=Sao Paulo,ST=SP,C=BR`
const NAMED_SUBJECT = SUBJECT.replace(/2\.5\.4\.5=#[0-9a-f]+/, 'serialNumber=11222333000181')

const byCertificate = (subject: string): { readonly metadata: Record<string, string> } => ({
  metadata: { client_id: 'c-4711', token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: subject },
})

/** What implementations of this regime got wrong, as its conformance suites and their source show. */
describe('the traps of Open Finance Brasil', () => {
  it('1: no certificate, token or rule is ever answered 403, which no module of the suites lets pass', () => {
    const forbidden = (Object.keys(REASONS) as Reason[]).filter(
      (reason) => (policy.reasons[reason]?.status ?? REASONS[reason].status) === 403,
    )
    expect(forbidden).toEqual([])
    expect(policy.rules.filter(({ status }) => status === 403)).toEqual([])
  })

  it.each([
    ['as the ecosystem writes it', SUBJECT],
    ['with blanks and in capitals', SUBJECT.replaceAll(',', ', ').replace('CN=mtls.ipe', 'CN=MTLS.IPE')],
    ['with the other string type', SUBJECT.replace('#0c2a', '#132a')],
  ])('3: a subject is compared by its values and not by its text: %s', (_, subject) => {
    expect(broken(byCertificate(subject))).toEqual([])
  })

  it.each(['read', 'update', 'delete'] as const)(
    '3: no thumbprint is pinned: %s under a renewed certificate',
    (operation) => {
      const change = { certificate: { subject: OLD_SUBJECT, thumbprint: 'renewed' }, metadata: { client_id: 'c-4711' } }
      expect(broken(change, operation)).toEqual([])
    },
  )

  it('3: certificates that name the organisation in their OU go on working', () => {
    expect(broken({ certificate: { subject: OLD_SUBJECT } })).toEqual([])
    expect(broken({ certificate: { subject: OLD_SUBJECT }, ...byCertificate(OLD_SUBJECT) })).toEqual([])
  })

  it('4: scopes are split at blanks, granted to CONTA and CCORR as well, and never widened', () => {
    const roles = (role: string): { software_statement_roles: { role: string; status: string }[] } => ({
      software_statement_roles: [{ role, status: 'Active' }],
    })
    expect(judge({ metadata: { scope: 'accounts openid' } }).metadata).toMatchObject({ scope: 'accounts openid' })
    for (const role of ['CONTA', 'CCORR'])
      expect(judge({ statement: roles(role), metadata: { scope: 'openid' } })).toMatchObject({
        findings: [],
        metadata: { scope: 'openid' },
      })
  })

  it('4: a registration without redirect URIs does not pass a loop over none', () => {
    expect(broken({ metadata: { redirect_uris: null } })).toEqual(['redirect-uris-required'])
    expect(broken({ metadata: { redirect_uris: [] } })).toEqual(['redirect-uris-required'])
  })

  it('4: a statement is worth nothing under the certificate of other software or another organisation', () => {
    expect(broken({ certificate: { subject: SUBJECT.replace(SOFTWARE, SOFTWARE.replace('3c', '4d')) } })).toEqual([
      'certificate-names-software',
    ])
    expect(broken({ certificate: { subject: OLD_SUBJECT.replace(ORGANISATION, SOFTWARE) } })).toEqual([
      'certificate-names-organisation',
    ])
  })

  it('5: a statement is good for five minutes, and a foreign redirect URI is refused and not left out', () => {
    expect(policy.statement.maxAgeSeconds).toBe(300)
    const foreign = ['https://ipe.example.com.br/cb', 'https://evil.example/cb']
    expect(broken({ metadata: { redirect_uris: foreign } })).toEqual(['redirect-uris-within-statement'])
  })

  it('6: names such as serialNumber= are those of Draft 1 alone', () => {
    expect(broken(byCertificate(NAMED_SUBJECT))).toEqual(['tls-client-auth-subject-dn-form'])
    expect(broken({ ...byCertificate(NAMED_SUBJECT), parameters: { edition: 'ID1' } })).toEqual([])
  })

  it('7: issuers are known by every name they go by, and by none in both environments', () => {
    const issuers = (name: string): readonly string[] =>
      policy.directories.find((directory) => directory.name === name)?.issuers ?? []
    expect(issuers('brasil-production')).toEqual(
      expect.arrayContaining([
        'Open Banking Open Banking Brasil prod SSA issuer',
        'Open Banking Open Banking Brasil production SSA issuer',
        'Open Finance Open Finance Brasil production SSA issuer',
      ]),
    )
    expect(
      issuers('brasil-production').filter(
        (issuer) => issuers('brasil-sandbox').includes(issuer) || issuer.includes('sandbox'),
      ),
    ).toEqual([])
    expect(issuers('brasil-sandbox').filter((issuer) => !issuer.includes('sandbox'))).toEqual([])
  })

  it('8: organizationIdentifier wins over an OU that says otherwise, in the certificate and in a registered subject', () => {
    const both = (right: string, wrong: string): string =>
      `CN=a,UID=${SOFTWARE},organizationIdentifier=OFBBR-${right},OU=${wrong},C=BR`
    expect(broken({ certificate: { subject: both(ORGANISATION, SOFTWARE) } })).toEqual([])
    expect(broken({ certificate: { subject: both(SOFTWARE, ORGANISATION) } })).toEqual([
      'certificate-names-organisation',
    ])
    expect(
      broken(
        { ...byCertificate(both(SOFTWARE, ORGANISATION)), parameters: { distinguishedNames: 'lenient' } },
        'update',
      ),
    ).toEqual(['tls-client-auth-subject-dn-names-software'])
  })

  it.each(['ID1', 'ID3', 'ID3c', 'V2'])(
    '9: what was registered under %s passes as an update and comes out the same',
    (edition) => {
      const created = judge({ parameters: { edition } })
      expect(created.findings).toEqual([])
      const updated = judge(
        { parameters: { edition }, metadata: { ...created.metadata, client_id: 'c-4711' } },
        'update',
      )
      expect(updated.findings).toEqual([])
      expect(updated.metadata).toEqual({ ...created.metadata, client_id: 'c-4711' })
    },
  )

  it.each([2, 2.5, '2.5'])('10: the version of the software is a number or a text: %s', (software_version) => {
    expect(judge({ statement: { software_version } })).toMatchObject({
      findings: [],
      metadata: { software_version: String(software_version) },
    })
  })

  it.each(['sandbox', 'Sandbox', 'SANDBOX'])(
    '10: the environment is written in any case: %s',
    (software_environment) => {
      expect(broken({ statement: { software_environment }, parameters: { environment: 'sandbox' } })).toEqual([])
      expect(broken({ statement: { software_environment }, parameters: { environment: 'production' } })).toEqual([
        'environment-of-the-server',
      ])
    },
  )
})
