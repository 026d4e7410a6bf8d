import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, inject } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { startLaboratoryGateway } from './gateway.ts'
import { openLaboratory, SOFTWARE, type Laboratory } from './laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from './registrant.ts'

interface Given {
  readonly state?: object
  readonly upstream?: object
}

/** A laboratory for all tests of a file; each has a gateway of its own, with what is remembered of its own in Redis. */
export function useManagingLaboratory() {
  let laboratory: Laboratory
  let tpp: RegistrantIdentity
  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
    tpp = await laboratory.registrant(SOFTWARE)
  })
  afterAll(() => laboratory.stop())

  return {
    laboratory: () => laboratory,

    withGateway: async (given: Given, use: (gateway: RunningGateway) => Promise<void>): Promise<void> => {
      const { settings } = laboratory
      const state = { kind: 'redis', url: { file: 'redis.url' }, keyPrefix: `test:${randomUUID()}`, ...given.state }
      await writeFile(join(laboratory.folder, 'redis.url'), inject('redisUrl'))
      const upstream = { ...(settings['upstream'] as object), ...given.upstream }
      await laboratory.writeSettings({ ...settings, state, upstream })
      const gateway = await startLaboratoryGateway(laboratory)
      try {
        await use(gateway)
      } finally {
        await gateway.stop()
      }
    },

    register: ({ port }: RunningGateway, body: object): Promise<RegistrantAnswer> =>
      sendAs(tpp, { method: 'POST', url: `https://127.0.0.1:${port}/register`, body }),

    /** Of the client in an answer, by its token unless told otherwise. */
    manage: ({ port }: RunningGateway, method: string, of: RegistrantAnswer, token?: string, body?: object) =>
      sendAs(tpp, {
        method,
        url: `https://127.0.0.1:${port}/register/${String(of.body['client_id'])}`,
        headers: { authorization: `Bearer ${token ?? String(of.body['registration_access_token'])}` },
        ...(body === undefined ? {} : { body }),
      }),
  }
}
