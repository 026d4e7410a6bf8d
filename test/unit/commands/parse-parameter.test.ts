import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { collectParameter, typeParameters } from '../../../src/commands/parse-parameter.ts'
import { loadPolicy } from '../policy/policy-fixture.ts'

const policy = await loadPolicy(`parameters:
  text: { type: string, default: '', meaning: m }
  flag: { type: bool, default: false, meaning: m }
  number: { type: int, default: 0, meaning: m }
  names: { type: list(string), default: [], meaning: m }
`)

describe('a parameter on the command line', () => {
  it('is a name and whatever stands behind the first equals sign', () => {
    expect(collectParameter('b=x=y', { a: '1' })).toEqual({ a: '1', b: 'x=y' })
    expect(collectParameter('b=', {})).toEqual({ b: '' })
    expect(() => collectParameter('b', {})).toThrow(InvalidArgumentError)
    expect(() => collectParameter('=b', {})).toThrow(InvalidArgumentError)
  })

  it('has the type that the policy declares, and stays text where it does not fit', () => {
    expect(typeParameters(policy, { text: 'true', flag: 'true', number: '-7', names: 'a,b' })).toEqual({
      ...{ text: 'true', flag: true, number: -7, names: ['a', 'b'] },
    })
    expect(typeParameters(policy, { flag: 'yes', number: '1e3', names: '', unknown: '1' })).toEqual({
      ...{ flag: 'yes', number: '1e3', names: [], unknown: '1' },
    })
  })
})
