import { describe, expect, it } from 'vitest'
import { checkMembers } from '../../../../src/policy/judge/check-members.ts'
import type { MemberType } from '../../../../src/policy/member-type.ts'
import { parseMemberType } from '../../../../src/policy/parse-member-type.ts'

const types = new Map<string, MemberType>([
  ['redirect_uris', parseMemberType('list(string)') ?? { kind: 'dyn' }],
  ['jwks', { kind: 'dyn' }],
])
const list = (length: number): string[] => Array.from({ length }, (_, index) => `https://a.example/${index}`)

describe('a list in the metadata', () => {
  it('may have 100 elements', () => {
    expect(checkMembers({ redirect_uris: list(100) }, types, false).findings).toEqual([])
  })

  it.each([
    ['in a member', { redirect_uris: list(101) }, 'redirect_uris'],
    ['deep in a member of any type', { jwks: { keys: [{ x5c: list(101) }] } }, 'jwks.keys[0].x5c'],
  ])('is refused with more, since rules may hold each element against each other: %s', (_, sent, at) => {
    const { findings, members } = checkMembers(sent, types, false)
    expect(findings).toMatchObject([
      { reason: 'metadata-member-invalid', at, wanted: 'at most 100 elements', found: '101' },
    ])
    expect(members).toEqual({})
  })
})
