import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from '../../../src/operations/metrics.ts'
import {
  startOperationsListener,
  type OperationsListener,
  type Readiness,
} from '../../../src/operations/operations-listener.ts'

const running: OperationsListener[] = []
afterEach(async () => {
  for (const listener of running.splice(0)) await listener.stop()
})

const READY: Readiness = () => Promise.resolve([])

async function start(readiness: Readiness = READY, metrics: Metrics = createMetrics()): Promise<OperationsListener> {
  const listener = await startOperationsListener({ host: '127.0.0.1', port: 0, metrics, readiness })
  running.push(listener)
  return listener
}

async function get(port: number, target: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`http://127.0.0.1:${port}${target}`)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

describe('the listener for operators', () => {
  it('is live even while something is missing', async () => {
    const { port } = await start(() => Promise.resolve(['registry']))
    expect(await get(port, '/livez')).toMatchObject({ status: 200, text: 'live\n' })
  })

  it('is ready when nothing is missing', async () => {
    const { port } = await start()
    expect(await get(port, '/readyz')).toMatchObject({ status: 200, text: 'ready\n' })
  })

  it('names all that is missing, and asks anew each time', async () => {
    const missing = ['registry', 'directory sandbox']
    const { port } = await start(() => Promise.resolve(missing))
    const text = 'not ready: registry, directory sandbox\n'
    expect(await get(port, '/readyz')).toMatchObject({ status: 503, text })
    missing.length = 0
    expect(await get(port, '/readyz')).toMatchObject({ status: 200 })
  })

  it('answers 500 when readiness cannot be told, without saying why, and lives on', async () => {
    const { port } = await start(() => Promise.reject(new Error('redis://user:password@host')))
    expect(await get(port, '/readyz')).toMatchObject({ status: 500, text: '' })
    expect(await get(port, '/livez')).toMatchObject({ status: 200 })
  })

  it('gives the metrics in the format of Prometheus', async () => {
    const metrics = createMetrics()
    metrics.countEvent('handshake-failed')
    const { port } = await start(READY, metrics)
    const { status, text, headers } = await get(port, '/metrics')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(metrics.contentType)
    expect(text).toContain('dcr_events_total{event="handshake-failed"} 1\n')
  })

  it.each(['/', '/metrics/', '/livez?x', '/register'])('knows no other target: %s', async (target) => {
    const { port } = await start()
    expect(await get(port, target)).toMatchObject({ status: 404 })
  })

  it.each(['/livez', '/readyz', '/metrics', '/'])('lets nobody keep an answer: %s', async (target) => {
    const { port } = await start()
    expect((await get(port, target)).headers.get('cache-control')).toBe('no-store')
  })

  it('does not start on a port that is taken', async () => {
    const { port } = await start()
    const second = startOperationsListener({ host: '127.0.0.1', port, metrics: createMetrics(), readiness: READY })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('stops even while a request hangs, and frees its port', async () => {
    let asked: () => void = () => undefined
    const reached = new Promise<void>((resolve) => (asked = resolve))
    const listener = await start(() => {
      asked()
      return new Promise(() => undefined)
    })
    const hanging = get(listener.port, '/readyz').catch(() => 'cut off')
    await reached
    await listener.stop()
    expect(await hanging).toBe('cut off')
    await expect(get(listener.port, '/livez')).rejects.toThrow()
  })
})
