import { describe, expect, it } from 'vitest'
import { writeEndpoint } from '../../../src/commands/write-endpoint.ts'
import type { Directory } from '../../../src/model/policy.ts'
import { planOf, type PlanOptions } from '../endpoint/endpoint-fixture.ts'

function linesOf(options: PlanOptions): readonly string[] {
  const plan = planOf(options)
  const identity = { name: 'bank-rules', version: '1', sha256: '0123456789abcdef' }
  const text = writeEndpoint({ ...plan, policy: { ...plan.policy, identity } })
  expect(text.endsWith('\n')).toBe(true)
  return text.trimEnd().split('\n')
}

describe('what is said of an endpoint', () => {
  it('is who judges there, where it is, and what comes to it, operation by operation', () => {
    const directory = { name: 'production' } as Directory
    const statements = {
      directories: [directory],
      create: 'required',
      update: 'optional',
      statementIssuers: ['A', 'B'],
    } as const
    expect(
      linesOf({ name: 'bank', host: 'dcr.example', ...statements, operations: ['create', 'read', 'update'] }),
    ).toEqual([
      'bank: policy bank-rules 1 (0123456789ab), certificates of bank, statements of production',
      '  at dcr.example, /register, for the clients of https://idp.example/reg',
      '  takes create as application/json with a certificate of bank and a statement of "A" or "B"; read with a certificate of bank; update as application/json with a certificate of bank, and a statement of "A" or "B" or none',
    ])
  })

  it('is that clients may come without a certificate, and that no statement is taken', () => {
    const [first, where, takes] = linesOf({ required: false, operations: ['create', 'delete'] })
    expect(first).toContain('no software statements')
    expect(where).toContain('at any host, /register')
    expect(takes).toBe(
      '  takes create as application/json with a certificate of bank or none, without statement; delete with a certificate of bank or none',
    )
  })

  it('has no control characters of an issuer as they are', () => {
    expect(linesOf({ create: 'required', statementIssuers: ['a\u001b[2J'] }).join()).not.toContain('\u001b')
  })
})
