import { join } from 'node:path'
import * as client from 'openid-client'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { ROOT } from '../architecture/source-files.ts'

describe('openid-client, an OAuth client library that others wrote', () => {
  let laboratory: Laboratory
  let gateway: RunningGateway

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
    gateway = await startLaboratoryGateway(laboratory)
  })
  afterAll(async () => {
    await gateway.stop()
    await laboratory.stop()
  })

  /** Discovery says where to register; banks publish the gateway's URL there. */
  async function fetchOverMtls(): Promise<client.CustomFetch> {
    const { certificate, privateKey, serverCa } = await laboratory.registrant(SOFTWARE)
    const dispatcher = new Agent({ connect: { cert: certificate ?? '', key: privateKey ?? '', ca: serverCa } })
    const issuer = 'https://bank.example'
    const metadata = {
      issuer,
      registration_endpoint: `https://127.0.0.1:${gateway.port}/register`,
      authorization_endpoint: `${issuer}/auth`,
      response_types_supported: ['code'],
    }
    return async (url, options) => {
      if (url.startsWith(issuer)) return Response.json(metadata)
      const { status, headers, ...rest } = await undiciFetch(url, { ...options, dispatcher } as Parameters<
        typeof undiciFetch
      >[1]).then(async (answer) => ({
        status: answer.status,
        headers: Object.fromEntries(answer.headers.entries()),
        text: await answer.text(),
      }))
      return new Response(rest.text, { status, headers })
    }
  }

  it('registers through the gateway', async () => {
    const registration = goodRegistration(laboratory, SOFTWARE, new Date())
    const configuration = await client.dynamicClientRegistration(
      new URL('https://bank.example'),
      registration as Partial<client.ClientMetadata>,
      client.None(),
      {
        [client.customFetch]: await fetchOverMtls(),
      },
    )
    expect(configuration.clientMetadata()).toMatchObject({
      client_name: 'Ipe Contas',
      scope: 'openid accounts resources',
    })
    expect(configuration.clientMetadata().client_id).toMatch(/^\S+$/)
  })

  it('understands a refusal (RFC 7591 section 3.2.2)', async () => {
    const registration = goodRegistration(laboratory, SOFTWARE, new Date(), {
      metadata: { redirect_uris: ['https://evil.example/cb'] },
    })
    const attempt = client.dynamicClientRegistration(
      new URL('https://bank.example'),
      registration as Partial<client.ClientMetadata>,
      client.None(),
      {
        [client.customFetch]: await fetchOverMtls(),
      },
    )
    await expect(attempt).rejects.toMatchObject({
      status: 400,
      error: 'invalid_redirect_uri',
      error_description: expect.stringContaining('redirect_uris') as unknown,
    })
  })
})
