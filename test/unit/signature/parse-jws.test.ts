import { describe, expect, it } from 'vitest'
import { parseJws } from '../../../src/signature/parse-jws.ts'
import { SOFTWARE_STATEMENT } from '../../../src/statement/statement-words.ts'
import { Refusal, type Finding } from '../../../src/model/refusal.ts'
import { JSON_LIMITS } from '../statement/directory-fixture.ts'

const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64url')
const header = encode('{"alg":"PS256"}')
const payload = encode('{"iss":"Directory"}')
const signature = encode('signature')

function findingOf(compact: string): Finding {
  try {
    parseJws(compact, SOFTWARE_STATEMENT, JSON_LIMITS)
  } catch (error) {
    if (error instanceof Refusal && error.findings.length === 1) return error.findings[0]
  }
  throw new Error('it was not refused')
}

describe('a software statement', () => {
  it('is taken apart without being believed', () => {
    const compact = `${header}.${payload}.${signature}`
    expect(parseJws(compact, SOFTWARE_STATEMENT, JSON_LIMITS)).toEqual({
      compact,
      header: { alg: 'PS256' },
      payload: Buffer.from('{"iss":"Directory"}'),
      claims: { iss: 'Directory' },
    })
  })

  it.each([
    ['nothing', '', 'another number of parts'],
    ['one part', header, 'another number of parts'],
    ['two parts', `${header}.${payload}`, 'another number of parts'],
    ['four parts', `${header}.${payload}.${signature}.`, 'another number of parts'],
    ['five parts, as a JWE has', `${header}.${payload}.${signature}.a.b`, 'another number of parts'],
    ['a detached payload', `${header}..${signature}`, 'json-malformed'],
    ['no header', `.${payload}.${signature}`, 'json-malformed'],
    ['white space around it', ` ${header}.${payload}.${signature}`, 'another encoding'],
    ['a line break at its end', `${header}.${payload}.${signature}\n`, 'another encoding'],
    ['padding in the header', `${encode('{"alg":"PS256" }')}==.${payload}.${signature}`, 'another encoding'],
    ['padding in the payload', `${header}.${payload}=.${signature}`, 'another encoding'],
    ['padding in the signature', `${header}.${payload}.${signature}=`, 'another encoding'],
    ['plain base64', `${header}.${payload}.a+/a`, 'another encoding'],
    ['a letter outside of the alphabet', `${header}.${payload}.ab!d`, 'another encoding'],
    ['a letter too many', `${header}.${payload}.abcde`, 'another encoding'],
    ['stray bits in the last letter', `${header}.${payload}.AB`, 'another encoding'],
    ['a header that is a list', `${encode('["PS256"]')}.${payload}.${signature}`, 'another JSON value'],
    ['a header that is no JSON', `${encode('alg=PS256')}.${payload}.${signature}`, 'json-malformed'],
    [
      'the same header member twice',
      `${encode('{"alg":"none","alg":"PS256"}')}.${payload}.${signature}`,
      'json-duplicate-member',
    ],
    ['a payload that is text', `${header}.${encode('Directory')}.${signature}`, 'json-malformed'],
    [
      'a payload that is another statement',
      `${header}.${encode(`${header}.${payload}.${signature}`)}.${signature}`,
      'json-malformed',
    ],
    ['a payload that is a list', `${header}.${encode('[]')}.${signature}`, 'another JSON value'],
    ['the same claim twice', `${header}.${encode('{"iss":"a","iss":"b"}')}.${signature}`, 'json-duplicate-member'],
    [
      'a claim that changes prototypes',
      `${header}.${encode('{"__proto__":{}}')}.${signature}`,
      'json-forbidden-member',
    ],
    [
      'a payload that is not UTF-8',
      `${header}.${encode(Buffer.from([0x22, 0xff, 0x22]))}.${signature}`,
      'json-invalid-utf8',
    ],
    [
      'claims nested too deeply',
      `${header}.${encode(`{"a":${'['.repeat(20)}${']'.repeat(20)}}`)}.${signature}`,
      'json-too-deep',
    ],
  ])('is refused with %s', (_, compact, found) => {
    expect(findingOf(compact)).toMatchObject({ reason: 'statement-malformed', at: 'software_statement', found })
  })

  it('is refused in the same words whatever the part', () => {
    expect(findingOf('a').message).toBe('the software statement must have three parts')
    expect(findingOf(`${header}=.${payload}.`).message).toBe('the header of the software statement must be base64url')
    const twice = findingOf(`${header}.${encode('{"org":{"a":1,"a":2}}')}.`)
    expect(twice.message).toBe('the payload of the software statement must be a well-formed JSON object')
    expect(twice.detail).toBe('json-duplicate-member at org.a')
  })
})
