import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import { chooseDirectory, type PinnedDirectory } from '../../../src/statement/choose-directory.ts'

const pinned = (name: string, ...issuers: string[]): PinnedDirectory => ({
  directory: { name, issuers, keys: { kind: 'address', uri: `https://${name}.example/jwks`, ca: null }, claims: {} },
  keys: { verify: () => Promise.reject(new Error('asked')), close: () => Promise.resolve() },
})
const BOTH = [pinned('one', 'Directory', 'Directory of old'), pinned('two', 'Another')]

const chosen = (claims: JsonObject, directories = BOTH): string => chooseDirectory(claims, directories).directory.name

function findingOf(claims: JsonObject, directories = BOTH): Finding {
  try {
    chooseDirectory(claims, directories)
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.findings[0]
  }
  throw new Error('it was not refused')
}

describe('the issuer of a statement', () => {
  it.each(['Directory', 'Directory of old'])('is one of the pinned ones: %s', (iss) => {
    expect(chosen({ iss })).toBe('one')
  })

  it.each([
    'directory',
    'Directory ',
    ' Directory',
    'Directory/',
    'Direc',
    'Directory of',
    '',
    null,
    7,
    ['Directory'],
    { name: 'Directory' },
    true,
  ])('is compared exactly: %j is another', (iss) => {
    expect(findingOf({ iss })).toMatchObject({ reason: 'statement-issuer-untrusted', at: 'software_statement.iss' })
  })

  it('must be named', () => {
    expect(findingOf({ iat: 1 }).reason).toBe('statement-issuer-untrusted')
    expect(findingOf({ iat: 1 }, [pinned('any')]).reason).toBe('statement-issuer-untrusted')
  })

  it('is nobody where nobody is pinned', () => {
    expect(findingOf({ iss: 'Directory' }, []).wanted).toBe('no directory is trusted here')
  })

  it('is shown beside the ones that are trusted, both short', () => {
    const finding = findingOf({ iss: `A\n${'x'.repeat(5000)}` }, BOTH.slice(0, 1))
    expect(finding.wanted).toBe('"Directory" or "Directory of old"')
    expect(finding.found).toMatch(/^"A\\nx+\.\.\.$/)
    const crowded = findingOf({}, [pinned('one', ...Array.from({ length: 50 }, () => 'x'.repeat(150)))])
    expect(crowded.wanted?.length).toBeLessThanOrEqual(200)
    expect(crowded.found).toBe('nothing')
  })

  it('says which of several directories must have signed', () => {
    expect(chosen({ iss: 'Another' })).toBe('two')
  })

  it('may be any where a directory takes whatever its certificates name, but for those of others', () => {
    const directories = [pinned('any'), ...BOTH]
    expect(chosen({ iss: 'https://app.example' }, directories)).toBe('any')
    expect(chosen({ iss: 'Another' }, directories)).toBe('two')
  })
})
