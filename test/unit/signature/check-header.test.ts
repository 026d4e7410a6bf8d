import { describe, expect, it } from 'vitest'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { checkHeader } from '../../../src/signature/check-header.ts'
import { SOFTWARE_STATEMENT } from '../../../src/statement/statement-words.ts'

const ALLOWED = ['PS256', 'ES256']

function findingOf(header: JsonObject): Finding {
  try {
    checkHeader(header, ALLOWED, SOFTWARE_STATEMENT)
  } catch (error) {
    if (error instanceof Refusal && error.findings.length === 1) return error.findings[0]
  }
  throw new Error('it was not refused')
}

describe('the header of a statement', () => {
  it('says which key and which of the allowed algorithms', () => {
    expect(checkHeader({ alg: 'ES256', kid: 'a', typ: 'JWT' }, ALLOWED, SOFTWARE_STATEMENT)).toEqual({
      algorithm: 'ES256',
      keyId: 'a',
    })
    expect(checkHeader({ alg: 'PS256' }, ALLOWED, SOFTWARE_STATEMENT)).toEqual({ algorithm: 'PS256', keyId: null })
  })

  it.each(['none', 'None', 'NONE', 'HS256', 'RS256', 'ps256', 'PS256 ', '', null, 256, ['PS256'], { alg: 'PS256' }])(
    'must not name another algorithm: %j',
    (alg) => {
      expect(findingOf({ alg, kid: 'a' })).toMatchObject({
        reason: 'statement-algorithm-forbidden',
        at: 'software_statement',
        wanted: 'PS256, ES256',
      })
    },
  )

  it('must name an algorithm', () => {
    expect(findingOf({ kid: 'a' })).toMatchObject({ reason: 'statement-algorithm-forbidden', found: 'nothing' })
  })

  it.each([
    [7, '7'],
    [null, 'null'],
    [true, 'true'],
    [['a'], 'an array'],
    [{ toString: 'a' }, 'an object'],
  ])('must not name its key by other than a string: %j', (kid, found) => {
    expect(findingOf({ alg: 'PS256', kid })).toMatchObject({ reason: 'statement-malformed', found })
  })

  it.each([
    [{ crit: ['b64'], b64: false }, 'crit'],
    [{ crit: ['b64'], b64: true }, 'crit'],
    [{ crit: ['exp'], exp: 1 }, 'crit'],
    [{ crit: [] }, 'crit'],
    [{ crit: null }, 'crit'],
    [{ b64: false }, 'b64'],
    [{ b64: true }, 'b64'],
  ])('must not use extensions: %j', (extension, found) => {
    expect(findingOf({ alg: 'PS256', kid: 'a', ...extension })).toMatchObject({
      reason: 'statement-header-forbidden',
      at: 'software_statement',
      found,
    })
  })
})
