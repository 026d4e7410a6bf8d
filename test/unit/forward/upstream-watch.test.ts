import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { UpstreamFailure } from '../../../src/forward/upstream-failure.ts'
import { UpstreamWatch, type UpstreamEvent } from '../../../src/forward/upstream-watch.ts'
import { Upstream } from '../../../src/forward/upstream.ts'
import { mintAuthority, mintServerCertificate, type ServerOptions } from '../../support/mint-certificates.ts'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

const RECOVERED = { event: 'upstream-recovered', level: 'info' }

function failed(found: string, key: string): unknown {
  const check = expect.stringMatching(`^${key.replaceAll('.', '\\.')}`) as unknown
  return { event: 'upstream-failed', level: 'error', found, check }
}

function watch(): { watch: UpstreamWatch; events: UpstreamEvent[] } {
  const events: UpstreamEvent[] = []
  return { watch: new UpstreamWatch((event) => events.push(event)), events }
}

function failureOf(kind: UpstreamFailure['kind'], code?: string, sent = false): UpstreamFailure {
  return new UpstreamFailure(kind, sent, code === undefined ? undefined : Object.assign(new Error('x'), { code }))
}

describe('the operator is told of an identity server that fails by a setting', () => {
  it.each([
    [401, 'upstream.initialAccessToken'],
    [403, 'upstream.initialAccessToken'],
    [302, 'upstream.registrationUrl'],
    [404, 'upstream.registrationUrl'],
    [405, 'upstream.registrationUrl'],
  ])('when a registration is answered %i: look at %s', (status, key) => {
    const { watch: upstream, events } = watch()
    upstream.replied('POST', status)
    expect(events).toEqual([failed(`status ${status} to a registration`, key)])
  })

  it.each([
    ['ECONNREFUSED', 'upstream.registrationUrl'],
    ['ENOTFOUND', 'upstream.registrationUrl'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'upstream.caFile'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'upstream.caFile'],
    ['CERT_HAS_EXPIRED', "the identity server's certificate"],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'upstream.registrationUrl: http where'],
  ])('when it cannot be reached for %s: look at %s', (code, key) => {
    const { watch: upstream, events } = watch()
    upstream.failed(failureOf('unreachable', code))
    expect(events).toEqual([failed(code, key)])
  })

  it('when it wants another client certificate, which TLS 1.3 says only after the handshake', () => {
    const { watch: upstream, events } = watch()
    upstream.failed(failureOf('broken', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true))
    expect(events).toEqual([failed('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'upstream.clientCertificateFile')])
  })

  it('when no connection can be had in time', () => {
    const { watch: upstream, events } = watch()
    upstream.failed(failureOf('timeout'))
    expect(events).toEqual([failed('no connection in time', 'upstream.registrationUrl')])
  })

  it('once, and again only when the trouble is another one or was over', () => {
    const { watch: upstream, events } = watch()
    for (let count = 0; count < 3; count += 1) upstream.failed(failureOf('unreachable', 'ECONNREFUSED'))
    upstream.failed(failureOf('unreachable', 'CERT_HAS_EXPIRED'))
    for (let count = 0; count < 3; count += 1) upstream.replied('POST', 201)
    upstream.failed(failureOf('unreachable', 'ECONNREFUSED'))
    expect(events).toEqual([
      failed('ECONNREFUSED', 'upstream.registrationUrl'),
      failed('CERT_HAS_EXPIRED', 'the identity'),
      RECOVERED,
      failed('ECONNREFUSED', 'upstream.registrationUrl'),
    ])
  })

  it('and not of its recovery by a client that was read, while it still takes no registrations', () => {
    const { watch: upstream, events } = watch()
    upstream.replied('POST', 401)
    upstream.replied('GET', 200)
    upstream.replied('POST', 401)
    expect(events).toHaveLength(1)
    upstream.replied('POST', 400)
    expect(events).toEqual([expect.objectContaining({ level: 'error' }), RECOVERED])
  })

  it.each([
    ['a registrant who left', failureOf('registrant-gone')],
    ['a slow answer', failureOf('timeout', undefined, true)],
    ['an answer that broke off', failureOf('broken', 'ECONNRESET', true)],
    ['an answer too large', failureOf('too-large', undefined, true)],
  ])('but not of %s, which is no setting', (_case, failure) => {
    const { watch: upstream, events } = watch()
    upstream.failed(failure)
    expect(events).toEqual([])
  })

  it.each(['GET', 'PUT', 'DELETE'])('nor of a token that a registrant got wrong in a %s', (method) => {
    const { watch: upstream, events } = watch()
    upstream.replied(method, 401)
    expect(events).toEqual([])
  })
})

describe('over real TLS', () => {
  async function eventsOf(server: ServerOptions, rightAuthority: boolean): Promise<readonly UpstreamEvent[]> {
    const authority = await mintAuthority()
    const other = await mintAuthority()
    const { pem, privateKeyPem } = await mintServerCertificate(authority, server)
    const listening = createServer({ cert: pem, key: privateKeyPem }, (_, response) => response.writeHead(401).end())
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    cleanups.push(
      () => listening.close(),
      () => listening.closeAllConnections(),
    )
    const events: UpstreamEvent[] = []
    const upstream = new Upstream({
      ...{ clientCertificate: null, timeoutMs: 5000, maxSockets: 1, responseLimitBytes: 1000 },
      origin: `https://127.0.0.1:${(listening.address() as AddressInfo).port}`,
      ca: (rightAuthority ? authority : other).pem,
      onEvent: (event) => events.push(event),
    })
    cleanups.push(() => upstream.close())
    const request = { method: 'POST', path: '/reg', headers: { 'content-length': '2' }, body: Buffer.from('{}') }
    await upstream.send(request, new AbortController().signal).catch(() => undefined)
    return events
  }

  it('a wrong authority, a wrong name and a wrong token are told apart', async () => {
    expect(await eventsOf({}, false)).toEqual([
      failed(expect.stringMatching(/^UNABLE_TO_|^SELF_SIGNED|^CERT_/) as string, 'upstream.caFile'),
    ])
    expect(await eventsOf({ ipAddresses: ['192.0.2.1'] }, true)).toEqual([
      failed('ERR_TLS_CERT_ALTNAME_INVALID', 'upstream.registrationUrl: its host'),
    ])
    expect(await eventsOf({}, true)).toEqual([failed('status 401 to a registration', 'upstream.initialAccessToken')])
  })
})
