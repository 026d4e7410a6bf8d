import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/request/read-registration.ts'
import { JSON_TYPE, message, once, read, reading, routeOf, TOKEN } from './messages.ts'
import { refusalOf } from './refusal-of.ts'

describe('a registration that is in order', () => {
  it('is read with its statement apart from the metadata', async () => {
    const body = '{"client_name":"TPP","software_statement":"a.b.c","redirect_uris":["https://tpp.example/cb"]}'
    expect(await read(message(body, JSON_TYPE), routeOf('create'))).toEqual({
      operation: 'create',
      location: null,
      managementToken: null,
      contentType: 'application/json',
      signed: null,
      metadata: { client_name: 'TPP', redirect_uris: ['https://tpp.example/cb'] },
      softwareStatement: 'a.b.c',
      passedHeaders: {},
      bodyBytes: body.length,
    })
  })

  it('may come without a statement', async () => {
    expect(await read(message('{}', JSON_TYPE), routeOf('create'))).toMatchObject({
      metadata: {},
      softwareStatement: null,
    })
  })

  it('may come in chunks', async () => {
    const chunked = message('{"a":1}', JSON_TYPE, ['Transfer-Encoding', 'chunked'])
    expect(await read(chunked, routeOf('create'))).toMatchObject({ metadata: { a: 1 }, bodyBytes: 7 })
  })

  it('never carries a token: what a registrant sends there ends here', async () => {
    expect(await read(message('{}', JSON_TYPE, ['Authorization', 'Basic Zm9v']), routeOf('create'))).toMatchObject({
      managementToken: null,
    })
  })

  it('as an update carries token and location', async () => {
    const request = await read(message('{"client_name":"TPP"}', JSON_TYPE, TOKEN), routeOf('update'))
    expect(request).toMatchObject({
      operation: 'update',
      location: { clientId: 'abc' },
      metadata: { client_name: 'TPP' },
    })
    expect(request.managementToken?.reveal()).toBe('abc')
  })
})

describe('a read or a delete', () => {
  it.each(['read', 'delete'] as const)('of a client (%s) carries a token and nothing else', async (operation) => {
    const request = await read({ rawHeaders: TOKEN, body: once('') }, routeOf(operation))
    expect(request).toEqual({
      ...routeOf(operation),
      managementToken: expect.anything() as unknown,
      contentType: '',
      signed: null,
      metadata: {},
      softwareStatement: null,
      passedHeaders: {},
      bodyBytes: 0,
    })
    expect(request.managementToken?.reveal()).toBe('abc')
  })

  it('may say that it has no body', async () => {
    expect(await read(message('', TOKEN), routeOf('delete'))).toMatchObject({ bodyBytes: 0 })
    expect(await read(message('', TOKEN, ['Transfer-Encoding', 'chunked']), routeOf('delete'))).toMatchObject({
      bodyBytes: 0,
    })
  })

  it.each([
    ['announced', message('{}', TOKEN)],
    [
      'in chunks, which a proxy once took for a second request',
      message('POST /admin HTTP/1.1', TOKEN, ['Transfer-Encoding', 'chunked']),
    ],
    ['that nobody announced', { rawHeaders: TOKEN, body: once('x') }],
  ])('is refused with a body: %s', async (_case, sent) => {
    expect(await refusalOf(reading('delete', sent))).toMatchObject({ reason: 'body-unexpected', at: 'body' })
  })

  it('is refused for the body only where that is what is wrong with it', async () => {
    const broken: Message = {
      rawHeaders: [...TOKEN, 'Transfer-Encoding', 'chunked'],
      body: { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('aborted')) }) },
    }
    expect(await refusalOf(reading('delete', broken))).toMatchObject({ reason: 'body-incomplete' })
  })
})

describe('the registration access token (RFC 7592 section 2)', () => {
  it.each(['Bearer abc', 'bearer abc', 'BEARER   abc', 'Bearer a-Z.0_9~+/==', `Bearer ${'a'.repeat(4096)}`])(
    'is taken from: %.30s',
    async (value) => {
      const request = await read({ rawHeaders: ['Authorization', value], body: once('') }, routeOf('read'))
      expect(request.managementToken?.reveal()).toBe(value.split(' ').at(-1))
    },
  )

  it.each(['read', 'update', 'delete'] as const)('is required to %s', async (operation) => {
    expect(await refusalOf(reading(operation, message('{}', JSON_TYPE)))).toMatchObject({
      reason: 'management-token-required',
      at: 'header authorization',
    })
  })

  it.each(['', 'Basic Zm9v', 'DPoP abc', 'Bearerabc', 'abc'])('is not there in: %s', async (value) => {
    expect(await refusalOf(reading('read', message('', ['Authorization', value])))).toMatchObject({
      reason: 'management-token-required',
    })
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "abc"',
    'Bearer a=b',
    'Bearer \u00e9',
    `Bearer ${'a'.repeat(8193)}`,
  ])('is malformed in (RFC 6750 section 2.1): %.30s', async (value) => {
    expect(await refusalOf(reading('read', message('', ['Authorization', value])))).toMatchObject({
      reason: 'management-token-malformed',
      at: 'header authorization',
    })
  })

  it('shows in no text of a request', async () => {
    const request = await read(message('', ['Authorization', 'Bearer s3cr3t']), routeOf('read'))
    expect(`${JSON.stringify(request)}${String(request.managementToken)}`).not.toContain('s3cr3t')
  })
})
