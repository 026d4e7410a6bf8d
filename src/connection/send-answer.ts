import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Answer } from '../model/answer.ts'
import { buildMessage, writeLastMessage } from './build-message.ts'
import type { Connection } from './connection.ts'
import { endGently } from './end-gently.ts'

/**
 * Writes an answer after which the connection may bring another request; a registrant who is gone is no error. Written means handed to the
 * operating system: nobody knows what arrived.
 */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { status, headers, body } = buildMessage(answer)
  response.once('close', () => {
    if (!response.writableFinished) answer.onLost?.()
  })
  response.writeHead(status, headers).end(body)
}

export interface LastAnswerOptions {
  /** Null when the request could not be read. */
  readonly method: string | null
  readonly date: Date
}

/**
 * Writes the last answer on a connection past node:http, which would either not write one (to a request it cannot parse) or close before
 * the registrant could read it (when not all of the request was read).
 */
export function sendLastAnswer(connection: Connection, answer: Answer, { method, date }: LastAnswerOptions): void {
  connection.end()
  const phrase = STATUS_CODES[answer.status] ?? ''
  const bytes = writeLastMessage(buildMessage(answer), { phrase, date, headOnly: method === 'HEAD' })
  const { socket } = connection
  socket.once('close', () => {
    if (!socket.writableFinished) answer.onLost?.()
  })
  endGently(socket, bytes)
}
