import { describe, expect, it } from 'vitest'
import { demandProof, prove } from '../../../src/model/proof.ts'

const FACTS = { name: 'a', list: [{ deep: 1 }] }

describe('a proof', () => {
  it('holds the facts it was made of, frozen to the bottom', () => {
    const proof = prove('client', FACTS)
    expect(proof).toEqual(FACTS)
    expect([proof, proof.list, proof.list[0]].every((part) => Object.isFrozen(part))).toBe(true)
  })

  it('is one under its own name', () => {
    const proof = prove('client', FACTS)
    expect(() => demandProof('client', proof)).not.toThrow()
    expect(() => demandProof('statement', proof as never)).toThrow(new TypeError('not a proof of statement'))
  })

  it.each([
    ['a spread', { ...(prove('client', FACTS) as object) }],
    ['a copy by Object.assign', Object.assign({}, prove('client', FACTS))],
    ['a clone', structuredClone({ ...(prove('client', FACTS) as object) })],
    ['an heir', Object.create(prove('client', FACTS)) as object],
    ['the facts themselves', FACTS],
  ])('is not passed off by %s', (_, forged) => {
    expect(() => demandProof('client', forged as never)).toThrow(new TypeError('not a proof of client'))
  })
})
