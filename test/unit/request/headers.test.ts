import { describe, expect, it } from 'vitest'
import { createReading } from '../../../src/request/read-registration.ts'
import { JSON_TYPE, message, once, OPTIONS, read, reading, routeOf, TOKEN } from './messages.ts'
import { refusalOf } from './refusal-of.ts'

describe('the content of a registration', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json ; charset="UTF-8"',
  ])('is JSON as: %s', async (type) => {
    expect(await read(message('{}', ['Content-Type', type]), routeOf('create'))).toBeDefined()
  })

  it.each([
    'text/json',
    'application/jwt',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; q=1',
    'application/jsonp',
    'application/json,text/html',
    '',
  ])('is not JSON as: %s', async (type) => {
    for (const operation of ['create', 'update'] as const)
      expect(await refusalOf(reading(operation, message('{}', TOKEN, ['Content-Type', type])))).toMatchObject({
        reason: 'content-type-unsupported',
        at: 'header content-type',
        wanted: 'application/json',
      })
  })

  it('must say what it is', async () => {
    expect(await refusalOf(reading('create', message('{}')))).toMatchObject({ reason: 'content-type-unsupported' })
  })

  it.each(['gzip', 'br', 'identity, gzip', ''])('must not be encoded: %s', async (coding) => {
    expect(await refusalOf(reading('create', message('{}', JSON_TYPE, ['Content-Encoding', coding])))).toMatchObject({
      reason: 'content-encoding-unsupported',
      at: 'header content-encoding',
    })
  })

  it('may say that it is not encoded', async () => {
    expect(await read(message('{}', JSON_TYPE, ['Content-Encoding', 'Identity']), routeOf('create'))).toBeDefined()
  })
})

describe('headers that leave a choice to whoever reads them', () => {
  it.each([
    ['two tokens', ['Authorization', 'Bearer abc', 'authorization', 'Bearer def'], 'header authorization'],
    [
      'two content types',
      ['Content-Type', 'application/json', 'CONTENT-TYPE', 'application/json'],
      'header content-type',
    ],
    ['two content codings', ['Content-Encoding', 'identity', 'Content-Encoding', 'gzip'], 'header content-encoding'],
    ['two lengths', ['Content-Length', '0', 'Content-Length', '0'], 'header content-length'],
    [
      'two transfer codings',
      ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'],
      'header transfer-encoding',
    ],
    ['both framings', ['Content-Length', '2', 'Transfer-Encoding', 'chunked'], 'header content-length'],
    ['another transfer coding', ['Transfer-Encoding', 'gzip, chunked'], 'header transfer-encoding'],
    ['a length that is none', ['Content-Length', '+2'], 'header content-length'],
    ['a length beyond all bounds', ['Content-Length', '1'.repeat(16)], 'header content-length'],
    ['two of a header to pass on', ['TraceParent', 'a', 'traceparent', 'b'], 'header traceparent'],
    ['an odd value to pass on', ['traceparent', 'a\u0080'], 'header traceparent'],
    ['a control character to pass on', ['traceparent', 'a\u0007'], 'header traceparent'],
    ['a long value to pass on', ['traceparent', 'a'.repeat(1025)], 'header traceparent'],
  ])('are refused, whatever the operation: %s', async (_case, headers, at) => {
    const others = at === 'header authorization' ? [] : TOKEN
    for (const operation of ['create', 'read', 'update', 'delete'] as const) {
      const sent = { rawHeaders: [...others, ...headers], body: once('') }
      expect(await refusalOf(reading(operation, sent))).toMatchObject({ reason: 'request-malformed', at })
    }
  })
})

describe('headers that an operator lets through', () => {
  it('are copied by name in any letter case, and no others', async () => {
    const headers = [
      'x-fapi-INTERACTION-id',
      ' a b ',
      'X_Fapi_Interaction_Id',
      'c',
      'Client-Cert',
      ':Zm9v:',
      'Traceparent',
      'a'.repeat(1024),
    ]
    const request = await read(message('{}', JSON_TYPE, headers), routeOf('create'))
    expect(request.passedHeaders).toEqual({ 'x-fapi-interaction-id': ' a b ', traceparent: 'a'.repeat(1024) })
  })

  it.each(['Client-Cert', 'client_cert', 'Authorization', 'Transfer-Encoding'])(
    'cannot be those that the gateway sets: %s',
    (name) => {
      expect(() => createReading({ ...OPTIONS, passHeaders: ['traceparent', name] })).toThrow(TypeError)
    },
  )
})
