import { describe, expect, it } from 'vitest'
import type { CertificateFacts } from '../../../../src/model/client.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import type { CaseCertificate } from '../../../../src/policy/cases/cases-file-schema.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, loadSound, policyOf, present } from '../policy-fixture.ts'

const CLASSES = `
parameters: { legacy: { type: string, default: deny, oneOf: [deny, allow], meaning: m } }
certificateClasses:
  qwac: '"web" in certificate.qualified.types'
  qseal: '"eseal" in certificate.qualified.types'
  legacy: parameters.legacy == "allow" && certificate.organizationIdentifier.scheme == "PSD"
`
const RULES = `
rules:
  - { id: web-only, title: t, message: m, certificate: [qwac], require: size(translations) > 0 }
  - { id: sealed-or-old, title: t, message: m, certificate: [qseal, legacy], require: size(translations) > 0 }
  - { id: everybody, title: t, message: m, require: certificateClass == "qwac" }
`
const policy = await loadPolicy(CLASSES + RULES)

function certificate(of: CompiledPolicy, data: CaseCertificate): CertificateFacts | null {
  return buildCaseFacts(of, {}, { certificate: data }, 'create').certificate
}

function broken({ findings }: Verdict): readonly string[] {
  return findings.map(({ rule, reason }) => rule ?? reason)
}

function judged(data: CaseCertificate | null, legacy = 'deny', of = policy): Verdict {
  return judge(of, present({ certificate: data === null ? null : certificate(of, data), parameters: { legacy } }))
}

describe('the class of a certificate', () => {
  it('is the first whose condition holds', () => {
    expect(broken(judged({ qualified: { types: ['web', 'eseal'] } }))).toEqual(['web-only'])
    expect(broken(judged({ qualified: { types: ['eseal'] } }))).toEqual(['sealed-or-old', 'everybody'])
  })

  it('may depend on what the operator set', () => {
    const subject = 'CN=a,organizationIdentifier=PSDGB-FCA-1'
    expect(broken(judged({ subject }, 'allow'))).toEqual(['sealed-or-old', 'everybody'])
    expect(broken(judged({ subject }, 'deny'))).toEqual(['certificate-class-unknown', 'everybody'])
  })

  it('is refused where there is none, whatever the operation, with what would have been accepted', () => {
    const [finding] = judged({}).findings
    expect(finding).toEqual({
      reason: 'certificate-class-unknown',
      at: 'client certificate',
      message: 'the client certificate is of no kind that is accepted here',
      wanted: 'a certificate of one of the classes qwac, qseal, legacy',
    })
    const facts = present({
      operation: 'read',
      clientId: 'c',
      certificate: certificate(policy, {}),
      parameters: { legacy: 'deny' },
    })
    expect(broken(judge(policy, facts))).toEqual(['certificate-class-unknown'])
  })

  it('is refused where a condition fails, and no later class is asked', () => {
    const [finding] = judged({}, 'allow').findings
    expect(finding).toMatchObject({
      reason: 'certificate-class-unknown',
      detail: 'the condition of the class legacy failed: No such key: organizationIdentifier',
    })
  })

  it('is empty without a certificate, and nobody is refused for it: whether one is needed is another question', () => {
    expect(broken(judged(null))).toEqual(['everybody'])
  })

  it('is empty, and accepted, where the policy says so', async () => {
    const lenient = await loadPolicy(`clientCertificate: { unclassified: accept }${CLASSES}${RULES}`)
    expect(broken(judged({}, 'deny', lenient))).toEqual(['everybody'])
    expect(broken(judged({}, 'allow', lenient))).toEqual(['certificate-class-unknown', 'everybody'])
  })

  it('comes from the classes of the policy that names them last, as a whole', async () => {
    const policies = await loadSound({
      base: `clientCertificate: { unclassified: accept }${CLASSES}`,
      heir: `extends: [base]\ncertificateClasses: { any: 'true' }\n${RULES.replaceAll(/qwac|qseal|legacy/g, 'any')}`,
      other: `extends: [base]\n${RULES}`,
    })
    expect(broken(judged({}, 'deny', policyOf(policies, 'heir')))).toEqual(['web-only', 'sealed-or-old'])
    expect(broken(judged({}, 'deny', policyOf(policies, 'other')))).toEqual(['everybody'])
  })
})
