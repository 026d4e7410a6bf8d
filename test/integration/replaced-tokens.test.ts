import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, OTHER_SOFTWARE, SOFTWARE } from '../support/laboratory.ts'
import { useManagingLaboratory } from '../support/managing-laboratory.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'

const { laboratory, withGateway, register, manage } = useManagingLaboratory()

describe('a client that gets another token with each update', () => {
  beforeAll(() => (laboratory().identityServer.rotatesTokens = true))
  afterAll(() => (laboratory().identityServer.rotatesTokens = false))

  it('is not lost to a registrant who never gets one of them, at whatever gateway', async () => {
    const update = (gateway: RunningGateway, client: RegistrantAnswer, token: string): Promise<RegistrantAnswer> => {
      const { client_id } = client.body
      return manage(gateway, 'PUT', client, token, {
        ...goodRegistration(laboratory(), SOFTWARE, new Date()),
        client_id,
      })
    }
    await withGateway({}, async (gateway) => {
      const client = await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))
      const first = String(client.body['registration_access_token'])
      const lost = await update(gateway, client, first)
      expect(lost.status, lost.text).toBe(200)
      expect(lost.body['registration_access_token']).not.toBe(first)
      const other = await startLaboratoryGateway(laboratory())
      const again = await update(other, client, first)
      await other.stop()
      expect(again.status, again.text).toBe(200)
      const latest = String(again.body['registration_access_token'])
      for (const token of [first, latest]) expect((await manage(gateway, 'GET', client, token)).status).toBe(200)
      // Who shows that he has the latest needs none before it.
      expect((await update(gateway, client, latest)).status).toBe(200)
      expect((await manage(gateway, 'GET', client, first)).status).toBe(401)
      expect((await manage(gateway, 'DELETE', client, latest)).status).toBe(204)
    })
  })

  it("is nobody else's by any of them", async () => {
    await withGateway({}, async (gateway) => {
      const client = await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))
      const first = String(client.body['registration_access_token'])
      const body = { ...goodRegistration(laboratory(), SOFTWARE, new Date()), client_id: client.body['client_id'] }
      expect((await manage(gateway, 'PUT', client, first, body)).status).toBe(200)
      const thief = await laboratory().registrant(OTHER_SOFTWARE)
      const url = `https://127.0.0.1:${gateway.port}/register/${String(client.body['client_id'])}`
      const stolen = await sendAs(thief, { method: 'GET', url, headers: { authorization: `Bearer ${first}` } })
      expect([stolen.status, stolen.body]).toMatchObject([401, { findings: [{ rule: 'management-token-rejected' }] }])
    })
  })
})
