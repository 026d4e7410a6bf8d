import type { Answer } from '../model/answer.ts'

export interface Message {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty when there is none; a string, since node:http writes it in one piece with the head. */
  readonly body: string
}

const NAME = /^[a-z0-9-]+$/
const VALUE = /^[\t\x20-\x7e]*$/
const NO_CONTENT = 204
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Builds the HTTP message of an answer. Nobody on the way may keep it (RFC 7591 section 3.2.1); its framing is ours, whatever headers the
 * answer brings.
 *
 * @throws TypeError when a header would break out of its line
 */
export function buildMessage(answer: Answer): Message {
  const { status } = answer
  const value = status === NO_CONTENT ? null : answer.body
  const body = value === null ? '' : JSON.stringify(value)
  const headers = {
    'cache-control': 'no-store',
    pragma: 'no-cache',
    ...(value === null ? {} : { 'content-type': 'application/json' }),
    ...ownHeaders(answer.headers),
    // RFC 9110 section 8.6.
    ...(status === NO_CONTENT ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  }
  return { status, headers, body }
}

function ownHeaders(headers: Answer['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text] as const)
  for (const [name, text] of entries)
    if (!NAME.test(name) || !VALUE.test(text))
      throw new TypeError(`header ${JSON.stringify(name)} of the answer cannot be written`)
  return Object.fromEntries(entries.filter(([name]) => !FRAMING.has(name)))
}

export interface LastMessageOptions {
  /** Of the status; may be empty. */
  readonly phrase: string
  readonly date: Date
  /** Answers to HEAD have the length of a body, but none (RFC 9110 section 9.3.2). */
  readonly headOnly: boolean
}

/** The bytes of a message that node:http is not asked to write: the last one on its connection. */
export function writeLastMessage(message: Message, options: LastMessageOptions): Buffer {
  const { status, headers, body } = message
  const lines = Object.entries({ date: options.date.toUTCString(), ...headers, connection: 'close' })
  const head = [`HTTP/1.1 ${status} ${options.phrase}`, ...lines.map(([name, text]) => `${name}: ${text}`), '', '']
  return Buffer.from(head.join('\r\n') + (options.headOnly ? '' : body))
}
