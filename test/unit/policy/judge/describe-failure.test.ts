import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../../../src/policy/judge/describe-failure.ts'

describe('describeFailure', () => {
  it('gives the first line of what failed, without the excerpt of the expression below it', () => {
    expect(describeFailure(new RangeError('No such key: a\n\n| metadata.a\n| ^'))).toBe('No such key: a')
    expect(describeFailure('plain text')).toBe('plain text')
    expect(describeFailure(undefined)).toBe('undefined')
  })

  it('gives 400 characters at most', () => {
    expect(describeFailure(new Error('x'.repeat(400)))).toHaveLength(400)
    expect(describeFailure(new Error('x'.repeat(401)))).toHaveLength(400)
  })
})
