import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RegistryState } from '../../../src/registry/redis-connection.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { RedisServer, RedisServerOptions } from '../../support/redis-server.ts'
import { OPERATIONS, administrator, allUnavailable, connect, failuresOf, start } from './redis-fixture.ts'

afterEach(() => void vi.restoreAllMocks())

describe('credentials', () => {
  const USER = 'gate-user'
  const PASSWORD = 'pass-word-7'
  const acl = (...rights: string[]): RedisServerOptions => ({
    settings: ['--user', 'gate-user', 'on', '>pass-word-7', ...rights, '--user', 'default', 'off'],
  })
  const withCredentials = (server: RedisServer, user = USER, password = PASSWORD): string =>
    `redis://${user}:${password}@127.0.0.1:${server.port}`

  it('of a user with no more rights than the documentation asks for are enough', async () => {
    const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
    const commands = ['+set', '+get', '+del', '+incr', '+pttl', '+eval', '+ping']
    const rights = ['resetkeys', '~gateway:*', '-@all', ...commands]
    const server = await start({ settings: ['--user', USER, 'on', `>${PASSWORD}`, ...rights] })
    const registry = await connect(withCredentials(server))
    for (const operation of OPERATIONS) await operation(registry)
    for (const warning of warnings) expect(warning).not.toHaveBeenCalled()
    expect(await administrator(server).acl('LOG')).toEqual([])
  })

  it('are demanded by a Redis that knows no user without', async () => {
    const registry = await connect((await start(acl('~*', '+@all'))).url)
    await expect(registry.ping()).rejects.toThrow(new RegistryUnavailable('NOAUTH'))
  })

  it('may be a password alone', async () => {
    const server = await start({ settings: ['--requirepass', PASSWORD] })
    const registry = await connect(withCredentials(server, ''))
    await expect(registry.ping()).resolves.toBeUndefined()
  })

  it.each([
    {
      what: 'Redis rejects them',
      settings: acl('~*', '+@all').settings ?? [],
      password: 'pass-word-8',
      detail: 'WRONGPASS',
    },
    {
      what: 'Redis repeats them in its error',
      settings: ['--rename-command', 'HELLO', '', '--rename-command', 'AUTH', ''],
      password: PASSWORD,
      detail: 'ERR',
    },
    {
      what: 'Redis names the user in its error',
      settings: acl('~*', '-@all').settings ?? [],
      password: PASSWORD,
      detail: 'NOPERM',
    },
    { what: 'Redis is away', settings: null, password: PASSWORD, detail: 'ECONNREFUSED' },
  ])('reach no error, no state and no console when $what', async ({ settings, password, detail }) => {
    const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method))
    const states: RegistryState[] = []
    const server = await start({ settings: settings ?? [] })
    if (settings === null) await server.kill()
    const registry = await connect(withCredentials(server, USER, password), {
      onStateChange: (state) => states.push(state),
    })
    const failures = await failuresOf(registry)
    expect(failures).toEqual(allUnavailable(detail))
    const said = inspect([failures, states, registry, consoles.map((spy) => spy.mock.calls)], {
      depth: 20,
      showHidden: true,
    })
    expect(said).not.toContain(password)
    expect(said).not.toContain(USER)
  })
})
