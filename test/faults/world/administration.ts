import { createServer, type Server } from 'node:https'
import type { ClientStore } from './client-store.ts'

export interface AdministrationOptions {
  readonly certificate: string
  readonly privateKey: string
  readonly port: number
  readonly token: string
  readonly store: ClientStore
}

/** Member of a client's metadata that says which registration made it. */
export const MARKER_MEMBER = 'dcr_registration'

/** How a bank's own tools reach its identity server: clients by marker (all of them without), one by its client_id, and its removal. */
export async function startAdministration(options: AdministrationOptions): Promise<Server> {
  const { certificate, privateKey, port, token, store } = options
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://administration')
    const end = (status: number, body?: unknown): void =>
      void response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(body === undefined ? undefined : JSON.stringify(body))
    const id = /^\/clients\/([^/]+)$/.exec(pathname)?.[1]
    if (request.headers.authorization !== `Bearer ${token}`) end(401)
    else if (request.method === 'GET' && pathname === '/clients') end(200, find(store, searchParams.get('marker')))
    else if (request.method === 'GET' && id !== undefined)
      end(store.find('Client', decodeURIComponent(id)) ? 200 : 404, {})
    else if (request.method === 'DELETE' && id !== undefined) end(remove(store, decodeURIComponent(id)))
    else end(404)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}

function find(store: ClientStore, marker: string | null): readonly object[] {
  return store
    .list('Client')
    .map((client) => client as Readonly<Record<string, unknown>>)
    .filter((client) => marker === null || client[MARKER_MEMBER] === marker)
    .map(({ client_id, software_id, [MARKER_MEMBER]: mark }) => ({ client_id, software_id, [MARKER_MEMBER]: mark }))
}

function remove(store: ClientStore, id: string): number {
  if (store.find('Client', id) === undefined) return 404
  store.set('Client', id, null)
  return 204
}
