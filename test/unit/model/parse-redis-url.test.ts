import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { parseRedisUrl } from '../../../src/model/parse-redis-url.ts'

function parsed(text: string): unknown {
  const address = parseRedisUrl(new Secret(text))
  return address && { ...address, password: address.password?.reveal() ?? null }
}

const plain = { host: 'redis.example', port: 6379, database: 0, tls: false, user: null, password: null }

describe('a Redis URL', () => {
  it.each([
    ['redis://redis.example', plain],
    ['redis://redis.example/', plain],
    ['rediss://redis.example:6380/15', { ...plain, tls: true, port: 6380, database: 15 }],
    ['redis://:secret@redis.example', { ...plain, password: 'secret' }],
    ['redis://gateway:secret@redis.example', { ...plain, user: 'gateway', password: 'secret' }],
    ['redis://gate%40way:p%2F%3A%40%25@redis.example', { ...plain, user: 'gate@way', password: 'p/:@%' }],
    ['redis://[::1]:7000', { ...plain, host: '::1', port: 7000 }],
    ['redis://10.0.0.7', { ...plain, host: '10.0.0.7' }],
  ])('%s is taken apart', (text, address) => {
    expect(parsed(text)).toEqual(address)
  })

  it.each([
    '',
    'redis.example:6379',
    'http://redis.example',
    'redis:///0',
    'redis://redis.example:port',
    'redis://redis.example:70000',
    'redis://redis.example/one',
    'redis://redis.example/-1',
    'redis://redis.example/0/1',
    'redis://redis.example/?tls=true',
    'redis://redis.example/#0',
    'redis://%zz:secret@redis.example',
    'redis://gateway:%zz@redis.example',
  ])('is not %j', (text) => {
    expect(parsed(text)).toBeNull()
  })

  it('keeps its password a secret', () => {
    expect(JSON.stringify(parseRedisUrl(new Secret('redis://:secret@redis.example')))).not.toContain('secret"')
  })
})
