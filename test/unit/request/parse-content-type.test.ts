import { describe, expect, it } from 'vitest'
import { parseContentType, readContentType, type AcceptedContent } from '../../../src/request/parse-content-type.ts'
import { RequestHeaders } from '../../../src/request/request-headers.ts'
import { refusalOf } from './refusal-of.ts'

const TYPES = ['application/jose', 'application/jwt']
const content = (type: string, mode: AcceptedContent['mode'], signedTypes = TYPES) =>
  parseContentType(new RequestHeaders(['Content-Type', type]), { mode, signedTypes })
const reasonOf = async (type: string, mode: AcceptedContent['mode'], signedTypes = TYPES): Promise<string> =>
  (await refusalOf(() => Promise.resolve().then(() => content(type, mode, signedTypes)))).reason

describe('the content type of a request', () => {
  it.each(['application/jwt', 'APPLICATION/JWT', 'application/jwt;charset=utf-8', 'application/jwt ; a="b"'])(
    'is that of a signed one whatever its letters and parameters: %s',
    (type) => {
      expect(content(type, 'required')).toEqual({ type: 'application/jwt', isSigned: true })
    },
  )

  it('is plain JSON where that will do', () => {
    expect(content('application/json; charset=utf-8', 'optional')).toEqual({
      type: 'application/json',
      isSigned: false,
    })
    expect(content('application/json', 'forbidden')).toEqual({ type: 'application/json', isSigned: false })
  })

  it.each([
    ['application/json', 'required', TYPES, 'request-unsigned'],
    ['application/jose', 'forbidden', TYPES, 'request-signature-forbidden'],
    ['application/jose', 'forbidden', [], 'content-type-unsupported'],
    ['application/jose+json', 'required', TYPES, 'content-type-unsupported'],
    ['application/json; charset=utf-16', 'optional', TYPES, 'content-type-unsupported'],
    ['application/jwt, application/json', 'optional', TYPES, 'content-type-unsupported'],
    ['', 'optional', TYPES, 'content-type-unsupported'],
  ] as const)('%j is refused where signing is %s', async (type, mode, types, reason) => {
    expect(await reasonOf(type, mode, [...types])).toBe(reason)
  })

  it.each([
    [['Content-Type', 'APPLICATION/Json ; charset=utf-8'], 'application/json'],
    [['Content-Type', 'application/jwt, application/json'], null],
    [['Content-Type', ';application/json'], null],
    [['Content-Type', ''], null],
    [[], null],
  ])('is read for choosing an endpoint as it is for reading the body: %j', (raw, type) => {
    expect(readContentType(new RequestHeaders(raw))).toBe(type)
  })
})
