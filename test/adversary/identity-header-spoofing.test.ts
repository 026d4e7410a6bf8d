import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { RunningGateway } from '../../src/gateway.ts'
import { loadGateway } from '../../src/load-gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import {
  goodRegistration,
  INITIAL_ACCESS_TOKEN,
  openLaboratory,
  SOFTWARE,
  type Laboratory,
} from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

/** Names that only the gateway may set: no setting lets them through, so that none could even be let through by mistake. */
const RESERVED = [
  'Client-Cert',
  'client-cert-chain',
  'X-Forwarded-Client-Cert',
  'x-ssl-client-cert',
  'Decision-Id',
  'Forwarded',
]

/** Names that the policy gives to its own headers; an operator may let a header of such a name through by mistake. */
const OF_POLICY = ['x-verified-software-id', 'x-verified-organisation-id']

describe('a registrant who says himself who he is', () => {
  let laboratory: Laboratory
  let gateway: RunningGateway

  const passing = (passHeaders: readonly string[]): Record<string, unknown> => ({
    ...laboratory.settings,
    upstream: { ...(laboratory.settings['upstream'] as object), passHeaders },
  })

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
    await laboratory.writeSettings(passing(['x-fapi-interaction-id', 'x-other', ...OF_POLICY]))
    gateway = await startLaboratoryGateway(laboratory)
  })
  afterAll(async () => {
    await gateway.stop()
    await laboratory.stop()
  })

  /** Of a software of its own each time: one software has one client. */
  const post = async (
    headers: Record<string, string | readonly string[]>,
    as?: RegistrantIdentity,
  ): Promise<RegistrantAnswer & { readonly softwareId: string }> => {
    const software = { ...SOFTWARE, softwareId: randomUUID() }
    const answer = await sendAs(as ?? (await laboratory.registrant(software)), {
      method: 'POST',
      url: `https://127.0.0.1:${gateway.port}/register`,
      headers,
      body: goodRegistration(laboratory, software, new Date()),
    })
    return { ...answer, softwareId: software.softwareId }
  }

  it.each(OF_POLICY)('does not reach the identity server with %s, though it is let through', async (name) => {
    const answer = await post({ [name]: 'forged-value', 'x-other': 'passed-value' })
    expect(answer.status, answer.text).toBe(201)
    const { headers, rawHeaders = [] } = laboratory.identityServer.seen.at(-1) ?? {}
    // What is let through does arrive, so the other one was stripped and not merely forgotten.
    expect(rawHeaders).toContain('passed-value')
    expect(rawHeaders).not.toContain('forged-value')
    expect(headers).toMatchObject({
      'x-verified-software-id': answer.softwareId,
      'x-verified-organisation-id': SOFTWARE.organisationId,
    })
    expect(rawHeaders.filter((header) => header.toLowerCase() === name)).toHaveLength(1)
  })

  it.each([...RESERVED, ...OF_POLICY].flatMap((name) => [name.toUpperCase(), name.replaceAll('-', '_')]))(
    'does not reach the identity server with %s beside or in place of what was verified',
    async (name) => {
      const answer = await post({ [name]: 'forged-value' })
      expect(answer.status, answer.text).toBe(201)
      const { headers, rawHeaders = [] } = laboratory.identityServer.seen.at(-1) ?? {}
      expect(rawHeaders).not.toContain('forged-value')
      expect(headers).toMatchObject({ 'client-cert': expect.stringMatching(/^:.+:$/) as unknown })
    },
  )

  it.each(RESERVED)('has no operator who could let %s through', async (name) => {
    const file = join(laboratory.folder, 'passing.yaml')
    await writeFile(file, stringify(passing([name])))
    const { plan, faults } = await loadGateway(file, laboratory.environment, new Date())
    expect(plan).toBeNull()
    expect(faults.map(({ path }) => path)).toEqual(['upstream.passHeaders[0]'])
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
    await post({ 'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d', 'x-third': 'dropped' })
    expect(laboratory.identityServer.seen.at(-1)?.headers).toMatchObject({
      'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d',
    })
    expect(laboratory.identityServer.seen.at(-1)?.headers).not.toHaveProperty('x-third')
  })
})
