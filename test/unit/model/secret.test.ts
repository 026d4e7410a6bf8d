import { format, inspect } from 'node:util'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'

const VALUE = 'hunter2-and-more'
const secret = new Secret(VALUE)

function logged(facts: object): string {
  const lines: string[] = []
  pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) }).info(facts)
  return lines.join('')
}

describe('a secret', () => {
  it('is told to who asks for it by name', () => {
    expect(secret.reveal()).toBe(VALUE)
  })

  it.each<[string, () => string]>([
    ['String()', () => String(secret)],
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- the mistake whose harm is bounded here
    ['a template', () => `${secret}`],
    ['joining', () => [secret].join()],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON of what holds it', () => JSON.stringify({ token: secret, all: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect of what holds it', () => inspect({ deep: { token: [secret] } }, { depth: Infinity })],
    ['inspect with hidden members', () => inspect(secret, { showHidden: true })],
    ['format %s', () => format('%s', secret)],
    ['format %o', () => format('%o', secret)],
    ['format %O', () => format('%O', secret)],
    ['format %j', () => format('%j', secret)],
    ['format without directive', () => format('token', secret)],
    ['a log line', () => logged({ token: secret, deep: { token: secret } })],
    ['the message of an error', () => new Error(String(secret)).message],
    ['the cause of an error', () => inspect(new Error('failed', { cause: secret }))],
    ['a member of an error', () => inspect(Object.assign(new Error('failed'), { token: secret }))],
  ])('shows that it is one, and never its value, in %s', (_way, print) => {
    const text = print()
    expect(text).toContain('[secret]')
    expect(text).not.toContain(VALUE)
  })

  it('has no member that copying or listing could find', () => {
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect(inspect(Object.assign({}, secret))).toBe('{}')
    expect(inspect(structuredClone(secret))).toBe('{}')
    expect(inspect(secret, { customInspect: false, showHidden: true })).not.toContain(VALUE)
  })

  it('stays out of the error of a failed use', () => {
    const misuse = (): unknown => (secret as unknown as { send: () => unknown }).send()
    expect(misuse).toThrow(TypeError)
    expect(misuse).not.toThrow(VALUE)
  })
})
