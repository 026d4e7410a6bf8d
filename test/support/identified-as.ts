import { Agent, request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { TLSSocket } from 'node:tls'
import { CIPHERS_OF_THE_CARELESS, type RegistrantIdentity } from './registrant.ts'

/** What a client hears that was identified: it has shown no management token. */
export const IDENTIFIED = 'management-token-required'

export interface Verdict {
  /** Of the first finding; `IDENTIFIED` for a client whose certificate is good. */
  readonly reason: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** A connection that is kept alive, and what the gateway makes of whoever is at its other end. */
export interface Caller {
  readonly ask: () => Promise<Verdict>
  /** Every connection that was used. */
  readonly sockets: ReadonlySet<TLSSocket>
  readonly close: () => void
}

/** Asks for a client without its management token: the certificate is judged before, so the reason tells what became of it. */
export function callGateway(port: number, { certificate, privateKey, serverCa }: RegistrantIdentity): Caller {
  const agent = new Agent({
    ...{ keepAlive: true, maxSockets: 1, ca: serverCa, ciphers: CIPHERS_OF_THE_CARELESS },
    ...(certificate === null ? {} : { cert: certificate }),
    ...(privateKey === null ? {} : { key: privateKey }),
  })
  const sockets = new Set<TLSSocket>()
  const ask = (): Promise<Verdict> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`https://127.0.0.1:${port}/register/some-client`, { agent }, (response) => {
        response.setEncoding('utf8')
        let text = ''
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          const { findings } = JSON.parse(text) as { findings: { rule: string }[] }
          resolve({
            reason: findings[0]?.rule ?? 'none',
            status: response.statusCode ?? 0,
            headers: response.headers,
          })
        })
      })
      outgoing.on('socket', (socket) => {
        if (socket instanceof TLSSocket) sockets.add(socket)
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
  return { ask, sockets, close: () => agent.destroy() }
}
