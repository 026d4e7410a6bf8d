import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import { normaliseAnswer } from '../../../src/response/normalise-answer.ts'

describe('an answer of the identity server', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['a list of scopes', { scope: ['openid', 'accounts'] }, { scope: 'openid accounts' }],
    [
      'a time of issue in milliseconds',
      { client_id_issued_at: 1_767_268_800_123 },
      { client_id_issued_at: 1_767_268_800 },
    ],
    [
      'an expiry in milliseconds',
      { client_secret_expires_at: 1_767_268_800_000 },
      { client_secret_expires_at: 1_767_268_800 },
    ],
  ])('has %s put right (RFC 7591 sections 2 and 3.2.1)', (_, said, wanted) => {
    expect(normaliseAnswer({ client_id: 'a', ...said })).toEqual({ client_id: 'a', ...wanted })
  })

  it.each<[string, JsonObject]>([
    ['a text of scopes', { scope: 'openid accounts' }],
    ['a list with what is no scope', { scope: ['openid', 'two words'] }],
    ['a list with a number', { scope: ['openid', 5] }],
    ['an empty list', { scope: [] }],
    ['times in seconds', { client_id_issued_at: 1_767_268_800, client_secret_expires_at: 0 }],
    ['the last second there is', { client_secret_expires_at: 253_402_300_799 }],
    ['a time as text', { client_id_issued_at: '1767268800000' }],
    ['lists that are none of scopes', { grant_types: ['a', 'b'], iat: 1_767_268_800_000 }],
  ])('keeps %s as it is', (_, said) => {
    const body = { client_id: 'a', ...said }
    expect(normaliseAnswer(body)).toBe(body)
  })
})
