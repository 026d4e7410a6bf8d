import { describe, expect, it } from 'vitest'
import { matchingKey } from '../../../../src/distinguished-name/match-distinguished-names.ts'
import { parseDistinguishedName } from '../../../../src/distinguished-name/parse-distinguished-name.ts'
import type { CertificateDemand } from '../../../../src/model/policy.ts'
import { loadPolicy, loadSound, loadTexts, policyOf } from '../policy-fixture.ts'

const section = (yaml: string): string => `clientCertificate: ${yaml}\n`
const demandOf = async (yaml: string): Promise<CertificateDemand> => (await loadPolicy(section(yaml))).certificate

describe('what a policy demands of client certificates', () => {
  it('is refused when unknown unless it says otherwise (fail closed)', async () => {
    expect(await demandOf('{ revocation: { check: [crl] } }')).toEqual({
      required: true,
      policies: null,
      revocation: { check: ['crl'], unknown: 'refuse', lastGoodHoldsSeconds: 0, issuers: [] },
    })
  })

  it('may differ for one issuer, in whatever spelling its name is written', async () => {
    const { revocation } = await demandOf(
      '{ revocation: { check: [ocsp, crl], lastGoodHoldsSeconds: 60, issuers: [{ name: "OID.2.5.4.3=Old CA, O=Scheme", unknown: accept }] } }',
    )
    expect(revocation).toMatchObject({ check: ['ocsp', 'crl'], lastGoodHoldsSeconds: 60, unknown: 'refuse' })
    expect(revocation?.issuers).toEqual([
      { issuerKey: matchingKey(parseDistinguishedName('CN=Old CA,O=scheme')), unknown: 'accept' },
    ])
  })

  it('may be certificate policies, of which one must hold', async () => {
    expect(await demandOf('{ certificatePolicies: { anyOf: [2.16.76.1.2.1.1], inhibitMapping: true } }')).toMatchObject(
      {
        policies: { anyOf: ['2.16.76.1.2.1.1'], inhibitMapping: true, inhibitAnyPolicy: false },
      },
    )
  })

  it('is inherited key by key', async () => {
    const policies = await loadSound({
      base: section('{ required: false, revocation: { check: [crl], unknown: accept } }'),
      heir: `extends: [base]\n${section('{ revocation: { check: [ocsp] } }')}`,
    })
    expect(policyOf(policies, 'heir').certificate).toMatchObject({
      required: false,
      revocation: { check: ['ocsp'], unknown: 'refuse' },
    })
  })

  it('has its faults reported with line, wanted and found, all at once', async () => {
    const { faults } = await loadTexts({
      tested: `clientCertificate:
  revocation:
    check: [crl, crl]
    issuers:
      - { name: "not a name", unknown: accept }
`,
    })
    expect(faults.map(({ line, path, wanted, found }) => ({ line, path, wanted, found }))).toEqual([
      { line: 8, path: 'clientCertificate.revocation.check', wanted: 'ocsp and crl, each once', found: 'crl, crl' },
      {
        line: 10,
        path: 'clientCertificate.revocation.issuers[0].name',
        wanted: 'a distinguished name such as CN=Issuing CA,O=Scheme,C=BR',
        found: 'not a name',
      },
    ])
  })

  it.each([
    ['an object identifier', '{ certificatePolicies: { anyOf: [anything] } }'],
    ['an object identifier', '{ certificatePolicies: { anyOf: [2.16.076.1] } }'],
    ['ocsp or crl', '{ revocation: { check: [scvp] } }'],
    ['refuse or accept', '{ revocation: { check: [crl], unknown: ignore } }'],
  ])('wants %s', async (wanted, yaml) => {
    const { faults } = await loadTexts({ tested: section(yaml) })
    expect(faults).toHaveLength(1)
    expect(faults[0]?.wanted).toContain(wanted)
  })
})
