import { describe, expect, it } from 'vitest'
import { evaluate } from '../expression/expression-fixture.ts'
import { loadTexts } from '../policy-fixture.ts'

async function pathsOf(bodies: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { faults } = await loadTexts(bodies)
  return faults.map(({ file, path, found }) => `${file} ${path} ${found}`)
}

const MEMBERS = 'members: { a: string, scope: string }\n'
const rule = (id: string): string => `rules: [{ id: ${id}, title: t, message: m, require: has(metadata.a) }]\n`
const SCOPES = `scopes: { id: granted, grantedBy: '["x"]', roles: {} }\n`

describe('an id', () => {
  it('stands for the scopes or for a rule, not for both, whichever of them is inherited', async () => {
    expect(await pathsOf({ tested: MEMBERS + rule('granted') + SCOPES })).toEqual([
      'tested/policy.yaml rules[0].id granted',
    ])
    expect(await pathsOf({ base: MEMBERS + SCOPES, tested: `extends: [base]\n${rule('granted')}` })).toEqual([
      'tested/policy.yaml rules[0].id granted',
    ])
    expect(await pathsOf({ base: MEMBERS + rule('granted'), tested: `extends: [base]\n${SCOPES}` })).toEqual([
      'tested/policy.yaml scopes.id granted',
    ])
  })

  it('is none of a reason of the gateway, by which cases call built-in checks', async () => {
    expect(await pathsOf({ tested: MEMBERS + rule('metadata-member-invalid') })).toEqual([
      'tested/policy.yaml rules[0].id metadata-member-invalid',
    ])
    expect(await pathsOf({ tested: MEMBERS + SCOPES.replace('granted', 'lookup-failed') })).toEqual([
      'tested/policy.yaml scopes.id lookup-failed',
    ])
  })
})

describe('classes of certificates', () => {
  it('have names that begin with a letter: numbers would be tried before all others', async () => {
    const classes = `certificateClasses: { qwac: certificate.qualified.compliance, '1': certificate.qualified.sscd }\n`
    expect(await pathsOf({ tested: classes })).toEqual([expect.stringContaining('certificateClasses') as unknown])
  })
})

describe('faults of one policy', () => {
  it('do not hide those of another one at the same place', async () => {
    const idle = rule('idle').replace('has(metadata.a)', '1 < 2')
    const faulty = rule('faulty').replace('has(metadata.a)', 'nothing')
    const paths = await pathsOf({ first: MEMBERS + faulty, second: MEMBERS + idle })
    expect(paths.map((path) => path.split(' ').slice(0, 2).join(' '))).toEqual([
      'first/policy.yaml rules[0].require',
      'second/policy.yaml rules[0].require',
    ])
  })
})

describe('years before 100', () => {
  it('are those years, by any clock', () => {
    expect(evaluate('timestamp("0050-03-01T00:00:00Z").getDayOfYear()')).toBe(59n)
    expect(evaluate('timestamp("0050-03-01T12:00:00Z").getFullYear("UTC")')).toBe(50n)
  })
})
