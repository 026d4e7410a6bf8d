import { describe, expect, it } from 'vitest'
import { chooseByStatement } from '../../../src/endpoint/choose-by-statement.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { Stages } from '../../../src/model/stages.ts'
import { refusalOf } from '../request/refusal-of.ts'
import { planOf, StagesFactory, type PlanOptions } from './endpoint-fixture.ts'

const factory = new StagesFactory(() => null)
const [A, B, NONE] = (
  [
    { name: 'A', create: 'required', statementIssuers: ['issuer A', 'issuer A2'] },
    { name: 'B', create: 'required', statementIssuers: ['issuer B'] },
    { name: 'none', create: 'forbidden' },
  ] satisfies readonly PlanOptions[]
).map((plan) => factory.make(planOf(plan))) as unknown as readonly [Stages, Stages, Stages]

function choose(
  endpoints: readonly [Stages, ...Stages[]],
  softwareStatement: string | null,
  operation: Operation = 'create',
) {
  const readIssuer = (compact: string): string | null => (compact === 'nameless' ? null : compact)
  return chooseByStatement(endpoints, { operation, softwareStatement }, readIssuer).endpoint.name
}

describe('the issuer of a statement', () => {
  it.each([
    ['issuer A', 'A'],
    ['issuer A2', 'A'],
    ['issuer B', 'B'],
  ])('%s leads to the endpoint %s, whose directory has it', (issuer, name) => {
    expect(choose([A, B, NONE], issuer)).toBe(name)
  })

  it.each(['issuer C', 'nameless', 'ISSUER A'])('%s leads nowhere: no directory has it', async (issuer) => {
    expect(await refusalOf(() => choose([A, B], issuer))).toMatchObject({
      reason: 'statement-issuer-untrusted',
      wanted: '"issuer A" or "issuer A2" or "issuer B"',
    })
  })

  it('is not read where there is one endpoint, which judges it as it comes', () => {
    const unread = (): never => {
      throw new Error('read')
    }
    const request = { operation: 'create', softwareStatement: 'x' } as const
    expect(chooseByStatement([A], request, unread)).toBe(A)
  })
})

describe('a request without statement', () => {
  it('leads to the endpoint that takes none', () => {
    expect(choose([A, NONE, B], null)).toBe('none')
  })

  it('leads to any of those that all refuse it, in the same words', () => {
    expect(choose([A, B], null)).toBe('A')
  })

  it('that two would take is taken by none: such a gateway does not load', () => {
    expect(() => choose([A, B], null, 'read')).toThrow('A and B take one request')
  })
})
