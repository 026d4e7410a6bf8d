import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import {
  goodRegistration,
  INITIAL_ACCESS_TOKEN,
  openLaboratory,
  SOFTWARE,
  type Laboratory,
} from '../support/laboratory.ts'
import { sendAs, type RegistrantIdentity } from '../support/registrant.ts'

describe('a registrant who says himself who he is', () => {
  let laboratory: Laboratory
  let gateway: RunningGateway
  let tpp: RegistrantIdentity

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
    // Even a look-alike that the operator lets through by mistake must not arrive beside ours.
    await laboratory.writeSettings({
      ...laboratory.settings,
      upstream: {
        ...(laboratory.settings['upstream'] as object),
        passHeaders: ['x-fapi-interaction-id', 'x-verified-software-id'],
      },
    })
    gateway = await startLaboratoryGateway(laboratory)
    tpp = await laboratory.registrant(SOFTWARE)
  })
  afterAll(async () => {
    await gateway.stop()
    await laboratory.stop()
  })

  const post = (
    headers: Record<string, string | readonly string[]>,
    as: RegistrantIdentity = tpp,
  ): ReturnType<typeof sendAs> =>
    sendAs(as, {
      method: 'POST',
      url: `https://127.0.0.1:${gateway.port}/register`,
      headers,
      body: goodRegistration(laboratory, SOFTWARE, new Date()),
    })

  it.each([
    ['Client-Cert'],
    ['client-cert'],
    ['CLIENT-CERT'],
    ['client_cert'],
    ['Client_Cert_Chain'],
    ['X-Forwarded-Client-Cert'],
    ['x_ssl_client_cert'],
    ['X-Verified-Software-Id'],
    ['x_verified_software_id'],
    ['X_Verified-Organisation_Id'],
    ['Decision-Id'],
    ['X-Forwarded-For'],
    ['Forwarded'],
  ])('does not reach the identity server with %s', async (name) => {
    const answer = await post({ [name]: 'forged-value' })
    expect(answer.status, answer.text).toBe(201)
    const { headers, rawHeaders = [] } = laboratory.identityServer.seen.at(-1) ?? {}
    expect(rawHeaders).not.toContain('forged-value')
    expect(headers).toMatchObject({
      'x-verified-software-id': SOFTWARE.softwareId,
      'client-cert': expect.stringMatching(/^:.+:$/) as unknown,
    })
    expect(rawHeaders.filter((header) => /^client[-_]cert$/i.test(header))).toHaveLength(1)
    expect(rawHeaders.filter((header) => /^x[-_]verified[-_]software[-_]id$/i.test(header))).toHaveLength(1)
  })

  it('gains nothing from a header when he has no certificate', async () => {
    const seen = laboratory.identityServer.seen.length
    const forged = `:${laboratory.clientIssuer.der.toString('base64')}:`
    const answer = await post({ 'client-cert': forged, 'x-ssl-client-verify': 'SUCCESS' }, laboratory.nobody)
    expect({ status: answer.status, rule: answer.body['findings'] }).toMatchObject({
      status: 401,
      rule: [{ rule: 'client-certificate-required' }],
    })
    expect(laboratory.identityServer.seen).toHaveLength(seen)
  })

  it('cannot bring the token that the gateway presents, or replace it by his own (BR-TLS-09)', async () => {
    expect((await post({ authorization: 'Bearer mine' })).status).toBe(201)
    expect(laboratory.identityServer.seen.at(-1)?.headers['authorization']).toBe(`Bearer ${INITIAL_ACCESS_TOKEN}`)
  })

  it('may send the headers that the operator lets through', async () => {
    await post({ 'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d', 'x-other': 'dropped' })
    expect(laboratory.identityServer.seen.at(-1)?.headers).toMatchObject({
      'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d',
    })
    expect(laboratory.identityServer.seen.at(-1)?.headers).not.toHaveProperty('x-other')
  })
})
