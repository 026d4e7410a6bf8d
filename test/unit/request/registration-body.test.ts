import { describe, expect, it } from 'vitest'
import { JSON_TYPE, message, once, read, reading, routeOf, TOKEN } from './messages.ts'
import { refusalOf } from './refusal-of.ts'

describe('a body that is not the metadata of a client', () => {
  it.each([
    ['missing', '', 'body-missing', 'body'],
    ['too large', `{"a":"${'a'.repeat(1000)}"}`, 'body-too-large', 'body'],
    ['malformed', '{"client_name":}', 'json-malformed', 'client_name'],
    ['malformed as a whole', '{', 'json-malformed', 'body'],
    ['not an object', '[{}]', 'json-not-an-object', 'body'],
    ['null', 'null', 'json-not-an-object', 'body'],
    ['ambiguous', '{"redirect_uris":["a"],"redirect_uris":["b"]}', 'json-duplicate-member', 'redirect_uris'],
    ['polluting', '{"jwks":{"keys":[{"__proto__":1}]}}', 'json-forbidden-member', 'jwks.keys[0].__proto__'],
    ['too deep', '{"a":[[[[]]]]}', 'json-too-deep', 'a[0][0][0]'],
    ['too long', `{"a":[${'1,'.repeat(19)}1]}`, 'json-too-many-values', 'a[18]'],
    ['inexact', '{"a":1e400}', 'json-number-unsafe', 'a'],
    ['cut in half', '{"a":["","\\ud800"]}', 'json-string-unsafe', 'a[1]'],
    ['after a byte order mark', '\uFEFF{}', 'json-invalid-utf8', 'body'],
  ])('is refused, and it is said where: %s', async (_case, body, reason, at) => {
    for (const operation of ['create', 'update'] as const)
      expect(await refusalOf(reading(operation, message(body, JSON_TYPE, TOKEN)))).toMatchObject({ reason, at })
  })

  it('is refused with the limit it breaks', async () => {
    expect(await refusalOf(reading('create', message('{"a":[[[[]]]]}', JSON_TYPE)))).toMatchObject({
      wanted: 'at most 4 levels',
      found: 'at offset 8',
    })
    expect(await refusalOf(reading('create', message(`{"a":[${'1,'.repeat(19)}1]}`, JSON_TYPE)))).toMatchObject({
      wanted: 'at most 20 values',
    })
  })

  it('is refused without a word of what stands in it', async () => {
    const finding = await refusalOf(reading('create', message('{"client_secret":"s3cr3t\\ud800"}', JSON_TYPE)))
    expect(JSON.stringify(finding)).not.toContain('s3cr3t')
  })

  it('is refused only after the headers are found in order', async () => {
    const sent = { rawHeaders: [...JSON_TYPE, 'Content-Length', '2'], body: once('{') }
    expect(await refusalOf(reading('update', sent))).toMatchObject({ reason: 'management-token-required' })
  })

  it.each(['""', 'null', '1', '{}', '["a.b.c"]', `"${'a'.repeat(21)}"`, `"${'é'.repeat(11)}"`])(
    'is refused for the statement: %s',
    async (statement) => {
      const body = `{"software_statement":${statement}}`
      expect(await refusalOf(reading('create', message(body, JSON_TYPE)))).toMatchObject({
        reason: 'statement-malformed',
        at: 'software_statement',
        wanted: 'a string of 1 to 20 bytes',
      })
    },
  )

  it('may have a statement of just the size', async () => {
    const body = `{"software_statement":"${'a'.repeat(20)}"}`
    expect(await read(message(body, JSON_TYPE), routeOf('create'))).toMatchObject({ softwareStatement: 'a'.repeat(20) })
  })
})
