import { createServer } from 'node:net'
import { listen } from './redis-fixture.ts'

/** What a server says to a command, as it goes over the wire; null hangs up. */
export type Script = (words: readonly string[]) => string | null

/** A server that says what no real one can be brought to say at will; it listens on a port of localhost until the test is over. */
export async function startScripted(script: Script): Promise<number> {
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('error', () => undefined)
    let unread = ''
    socket.on('data', (text: string) => {
      unread += text
      for (let command = take(unread); command !== null; command = take(unread)) {
        unread = command.rest
        const reply = script(command.words)
        if (reply === null) return socket.destroy()
        socket.write(reply)
      }
      return undefined
    })
  })
  return listen(server, '127.0.0.1')
}

export const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`
export const list = (...replies: readonly string[]): string => `*${replies.length}\r\n${replies.join('')}`
export const number = (value: number): string => `:${value}\r\n`

/** What every connection begins with. */
export function greet([name = '']: readonly string[]): string | undefined {
  return name.toLowerCase() === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : undefined
}

/** The first command, once all of it is there. */
function take(text: string): { words: string[]; rest: string } | null {
  const count = /^\*(\d+)\r\n/.exec(text)
  if (count === null) return null
  let rest = text.slice(count[0].length)
  const words: string[] = []
  while (words.length < Number(count[1])) {
    const length = /^\$(\d+)\r\n/.exec(rest)
    if (length === null) return null
    const start = length[0].length
    const end = start + Number(length[1])
    if (rest.length < end + 2) return null
    words.push(rest.slice(start, end))
    rest = rest.slice(end + 2)
  }
  return { words, rest }
}
