import { describe, expect, it } from 'vitest'
import { chooseCases, type Choice } from '../../../src/commands/choose-cases.ts'
import type { GatewayPlan } from '../../../src/load-gateway.ts'
import type { CertificateDemand, Policy } from '../../../src/model/policy.ts'
import { A_CERTIFICATE } from '../certificate/chain-fixture.ts'
import { ASKING_CRLS, trustWithCrls } from '../certificate/explain-fixture.ts'

const endpoint = (name: string, trust: string, certificate: CertificateDemand = A_CERTIFICATE) => ({
  ...{ name, trust, directories: [] },
  policy: { certificate } as Policy,
})

/** As much of a plan as is looked at. */
const PLAN = {
  settings: { trust: { sandbox: '/sandbox', production: '/production', spare: '/spare' } },
  trusts: new Map(['sandbox', 'production', 'spare'].map((name) => [name, trustWithCrls([])])),
  endpoints: [
    endpoint('/a', 'sandbox'),
    endpoint('/b', 'production'),
    endpoint('/c', 'sandbox', ASKING_CRLS),
    endpoint('/d', 'sandbox', { ...A_CERTIFICATE }),
  ],
  source: { file: 'gateway.yaml', environment: {} },
} as unknown as GatewayPlan

function chosen(choice: Choice): unknown {
  const cases = chooseCases(PLAN, choice)
  return 'wanted' in cases ? cases : cases.map(({ folder, endpoints }) => [folder, ...endpoints])
}

describe('what a certificate is held against', () => {
  it('is every trust folder, endpoints with the same demand together, and folders without one too', () => {
    expect(chosen({})).toEqual([['/sandbox', '/a', '/d'], ['/sandbox', '/c'], ['/production', '/b'], ['/spare']])
  })

  it('is one folder with all its endpoints, or one endpoint with its folder', () => {
    expect(chosen({ trust: 'sandbox' })).toEqual([
      ['/sandbox', '/a', '/d'],
      ['/sandbox', '/c'],
    ])
    expect(chosen({ trust: 'spare' })).toEqual([['/spare']])
    expect(chosen({ endpoint: '/c' })).toEqual([['/sandbox', '/c']])
  })

  it('is nothing where a name is wrong, with the one that was probably meant', () => {
    const fault = { file: 'gateway.yaml', line: 0, column: 0 }
    expect(chosen({ trust: 'sandbx' })).toEqual({
      ...{ ...fault, path: '--trust', wanted: 'sandbox or production or spare', found: 'sandbx' },
      hint: 'did you mean sandbox?',
    })
    expect(chosen({ endpoint: '/register' })).toEqual({
      ...{ ...fault, path: '--endpoint', wanted: '/a or /b or /c or /d', found: '/register' },
    })
  })
})
