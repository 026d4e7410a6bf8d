import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ClientUpkeep } from '../../../src/model/client-upkeep.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import type { Secret } from '../../../src/model/secret.ts'

/** What the identity server makes of the next request. */
export type Behaviour = 'answers' | 'refuses' | 'falls silent' | 'makes the client and falls silent' | 'is not reached'

interface LiveClient {
  readonly token: string
  readonly mark: string
}

/** An identity server in a few lines: it has clients, forgets none, and does what it is told. */
export class ScriptedServer {
  readonly clients = new Map<string, LiveClient>()
  /** All that the gateway asked it on nobody's behalf. */
  readonly asked: string[] = []
  behaviour: Behaviour = 'answers'
  /** Whether it answers what the gateway asks on nobody's behalf. */
  tends = true
  /** Whether it gives clients tokens to be managed by (RFC 7592). */
  givesTokens = true
  /** What happens while it is searched. */
  duringSearch: () => Promise<void> = () => Promise.resolve()
  /** Whether it gives a client another token whenever it is read or updated. */
  rotates = false
  #count = 0

  /** Ids of the clients that it has. */
  get live(): string[] {
    return [...this.clients.keys()]
  }

  answer({ approved, registration, token: presented }: ReservedRegistration): UpstreamReply {
    const { operation, location } = approved.evidence.request
    const { behaviour } = this
    if (behaviour === 'is not reached') return silence(false)
    if (behaviour === 'falls silent') return silence(true)
    if (behaviour === 'refuses') return { kind: 'answer', status: 400, body: { error: 'invalid_client_metadata' } }
    if (operation === 'delete') {
      const isThere = this.#holds(location?.clientId ?? '', presented) && this.clients.delete(location?.clientId ?? '')
      if (behaviour !== 'answers') return silence(true)
      return { kind: 'answer', status: isThere ? 204 : 401, body: null }
    }
    if (operation !== 'create') return this.#manage(location?.clientId ?? '', presented)
    this.#count += 1
    const clientId = `client-${this.#count}`
    const token = `token-of-${clientId}`
    this.clients.set(clientId, { token, mark: registration })
    if (behaviour !== 'answers') return silence(true)
    const body = { client_id: clientId, client_secret: `secret-of-${clientId}` }
    const management = { registration_access_token: token, registration_client_uri: `https://idp/reg/${clientId}` }
    return { kind: 'answer', status: 201, body: this.givesTokens ? { ...body, ...management } : body }
  }

  #holds(clientId: string, presented: Secret | null): boolean {
    const client = this.clients.get(clientId)
    return client !== undefined && (presented === null || presented.reveal() === client.token)
  }

  #manage(clientId: string, presented: Secret | null): UpstreamReply {
    if (!this.#holds(clientId, presented)) return { kind: 'answer', status: 401, body: null }
    if (this.rotates) this.rotate(clientId)
    const token = this.clients.get(clientId)?.token ?? ''
    return { kind: 'answer', status: 200, body: { client_id: clientId, registration_access_token: token } }
  }

  /** Gives a client another token, as some identity servers do whenever it is updated. */
  rotate(clientId: string): void {
    const client = this.clients.get(clientId)
    if (client !== undefined) this.clients.set(clientId, { ...client, token: `${client.token} rotated` })
  }

  /** By which the gateway looks after clients; `withAdministration` where the operator named a way to look for them. */
  upkeep(withAdministration = false, looksUp = false): ClientUpkeep {
    return {
      locate: ({ client_id: clientId }) => (this.givesTokens && typeof clientId === 'string' ? `/${clientId}` : null),
      remove: (place, token) => {
        const clientId = place.slice(1)
        this.asked.push(`remove ${clientId}`)
        if (!this.tends) return Promise.resolve('failed')
        if (this.clients.get(clientId)?.token !== token.reveal()) return Promise.resolve('denied')
        this.clients.delete(clientId)
        return Promise.resolve('gone')
      },
      isLive: (place, token) => {
        const clientId = place.slice(1)
        this.asked.push(`read ${clientId}`)
        return Promise.resolve(this.tends ? this.clients.get(clientId)?.token === token.reveal() : null)
      },
      administration: withAdministration
        ? {
            search: async (mark) => {
              this.asked.push(`search ${mark}`)
              await this.duringSearch()
              const found = [...this.clients].filter(([, client]) => client.mark === mark).map(([id]) => id)
              return this.tends ? found : null
            },
            remove: (clientId) => {
              this.asked.push(`administration removes ${clientId}`)
              if (this.tends) this.clients.delete(clientId)
              return Promise.resolve(this.tends)
            },
            isThere: looksUp
              ? (clientId) => {
                  this.asked.push(`look up ${clientId}`)
                  return Promise.resolve(this.tends ? this.clients.has(clientId) : null)
                }
              : null,
          }
        : null,
    }
  }
}

function silence(sent: boolean): UpstreamReply {
  const finding = { reason: 'upstream-timeout', at: 'identity server', message: 'no answer' } as const
  return { kind: 'silence', sent, finding }
}
