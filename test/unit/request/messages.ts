import type { Operation } from '../../../src/model/operation.ts'
import type { Route } from '../../../src/model/registration-request.ts'
import { createReading, type Message, type ReadingOptions } from '../../../src/request/read-registration.ts'

export const OPTIONS: ReadingOptions = {
  bodyLimitBytes: 1000,
  bodyTimeoutMs: 10_000,
  statementLimitBytes: 20,
  jsonLimits: { depth: 4, values: 20 },
  passHeaders: ['X-Fapi-Interaction-Id', 'traceparent'],
  signedRequest: null,
}
export const JSON_TYPE = ['Content-Type', 'application/json']
export const TOKEN = ['Authorization', 'Bearer abc']

export const read = createReading(OPTIONS)

export function routeOf(operation: Operation): Route {
  const location = operation === 'create' ? null : { suffix: '/abc', query: '', clientId: 'abc' }
  return { operation, location }
}

export async function* once(text: string): AsyncGenerator<Buffer> {
  await Promise.resolve()
  if (text !== '') yield Buffer.from(text)
}

/** With the Content-Length that fits, unless the headers frame the message themselves. */
export function message(body: string, ...headers: readonly (readonly string[])[]): Message {
  const rawHeaders = headers.flat()
  const framed = rawHeaders.some((name) => /^(content-length|transfer-encoding)$/i.test(name))
  return {
    rawHeaders: framed ? rawHeaders : [...rawHeaders, 'Content-Length', String(Buffer.byteLength(body))],
    body: once(body),
  }
}

export function reading(operation: Operation, sent: Message): () => Promise<unknown> {
  return () => read(sent, routeOf(operation))
}
