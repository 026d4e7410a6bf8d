import { readFileSync } from 'node:fs'
import type { JsonWebKey } from 'node:crypto'
import { startIdentityServer, type IdentityServerOptions } from '../../support/identity-server.ts'
import { MARKER_MEMBER, startAdministration } from './administration.ts'
import { ClientStore, createAdapterFactory } from './client-store.ts'

/** What the process is told, in a JSON file that its command line names. */
export interface IdentityServerTask extends Pick<
  IdentityServerOptions,
  'certificate' | 'privateKey' | 'clientCa' | 'initialAccessToken'
> {
  readonly port: number
  readonly signingKey: JsonWebKey
  readonly storeFile: string
  readonly administrationPort: number
  readonly administrationToken: string
}

const [, , file = ''] = process.argv
const task = JSON.parse(readFileSync(file, 'utf8')) as IdentityServerTask
const store = new ClientStore(task.storeFile)
await startIdentityServer({
  ...task,
  adapter: createAdapterFactory(store),
  extraMembers: [MARKER_MEMBER],
  // The relay in front tells handshake from payload, which TLS 1.3 hides.
  maxVersion: 'TLSv1.2',
})
await startAdministration({ ...task, port: task.administrationPort, token: task.administrationToken, store })
process.stdout.write('identity server ready\n')
