import { describe, expect, it } from 'vitest'
import { nearestName } from '../../../src/document/nearest-name.ts'

const KEYS = ['policy', 'path', 'publicUrl', 'trustedIssuers', 'directory']

describe('nearestName', () => {
  it.each([
    ['a letter left out', 'polcy', 'policy'],
    ['a letter too many', 'polircy', 'policy'],
    ['a wrong letter', 'polivy', 'policy'],
    ['two letters swapped', 'ptah', 'path'],
    ['another case', 'Policy', 'policy'],
    ['snake case', 'public_url', 'publicUrl'],
    ['kebab case', 'public-url', 'publicUrl'],
    ['upper case', 'TRUSTED_ISSUERS', 'trustedIssuers'],
    ['too many hyphens', 'd-i-r-e-c-t-o-r-y', 'directory'],
    ['three mistakes in a long name', 'trustdIsuerz', 'trustedIssuers'],
  ])('suggests the name that was meant for %s', (_, misspelt, meant) => {
    expect(nearestName(misspelt, KEYS)).toBe(meant)
  })

  it.each(['listen', 'pots', 'xy', 'p', 'trustdIsurz', ''])(
    'suggests nothing for %s, which is like no other name',
    (foreign) => {
      expect(nearestName(foreign, KEYS)).toBeNull()
    },
  )

  it('suggests the nearer of two names, whichever comes first', () => {
    expect(nearestName('enforced', ['reforced', 'enforce'])).toBe('enforce')
    expect(nearestName('enforced', ['enforce', 'reforced'])).toBe('enforce')
    expect(nearestName('scope', ['scopes', 'scope'])).toBe('scope')
  })

  it('counts swapped neighbours as one mistake, not as two', () => {
    expect(nearestName('en', ['ne'])).toBe('ne')
    expect(nearestName('ab', ['cd'])).toBeNull()
    expect(nearestName('ab', ['bc'])).toBeNull()
    expect(nearestName('ab', ['ca'])).toBeNull()
    expect(nearestName('abcde', ['bacdx'])).toBe('bacdx')
    expect(nearestName('abcde', ['bacxy'])).toBeNull()
  })

  it('does not compare names of more than 64 characters, so that a hostile file costs nothing', () => {
    const name = 'a'.repeat(65)
    expect(nearestName(name, [name])).toBeNull()
    expect(nearestName(name.slice(1), [name.slice(1)])).toBe(name.slice(1))
  })
})
