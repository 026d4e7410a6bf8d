import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, INITIAL_ACCESS_TOKEN, SOFTWARE } from '../support/laboratory.ts'
import { useManagingLaboratory } from '../support/managing-laboratory.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'

const run = promisify(execFile)

const { laboratory, withGateway, register, manage } = useManagingLaboratory()

async function registrations(...arguments_: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const call = [join(ROOT, 'dist/main.js'), 'registrations', ...arguments_, '--config', laboratory().configFile]
  try {
    const { stdout, stderr } = await run(process.execPath, call, {
      env: { ...process.env, ...laboratory().environment },
    })
    return { code: 0, out: stdout, err: stderr }
  } catch (failure) {
    const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('a registration that comes again', () => {
  it('is answered with the very same credentials, from another gateway as well', async () => {
    const body = goodRegistration(laboratory(), SOFTWARE, new Date())
    await withGateway({}, async (gateway) => {
      const first = await register(gateway, body)
      expect(first.status).toBe(201)
      const other = await startLaboratoryGateway(laboratory())
      const again = await register(other, body)
      await other.stop()
      expect([again.status, again.body]).toEqual([201, first.body])
      expect((await manage(gateway, 'GET', again)).status).toBe(200)
    })
  })

  it('makes a new client for the old where that is set', async () => {
    const body = goodRegistration(laboratory(), SOFTWARE, new Date())
    await withGateway({ state: { recovery: 'rollback' } }, async (gateway) => {
      const first = await register(gateway, body)
      const second = await register(gateway, body)
      expect([first.status, second.status]).toEqual([201, 201])
      expect(second.body['client_id']).not.toBe(first.body['client_id'])
      expect((await manage(gateway, 'GET', second)).status).toBe(200)
      // Gone from the identity server, not merely forgotten.
      expect((await manage(gateway, 'GET', first)).status).toBe(401)
    })
  })

  it('is none with another statement, other metadata, or after its time', async () => {
    const body = goodRegistration(laboratory(), SOFTWARE, new Date())
    await withGateway({ state: { recoveryMs: 2_500, sweepIntervalMs: 100 } }, async (gateway) => {
      expect((await register(gateway, body)).status).toBe(201)
      const fresh = goodRegistration(laboratory(), SOFTWARE, new Date(), {
        claims: { iat: Math.floor(Date.now() / 1000) - 1 },
      })
      const narrower = { ...body, scope: 'openid accounts' }
      for (const other of [fresh, narrower])
        expect((await register(gateway, other)).body).toMatchObject({ findings: [{ rule: 'client-exists' }] })
      const ended = async (): Promise<unknown> => (await register(gateway, body)).status
      await expect.poll(ended, { timeout: 10_000 }).toBe(400)
      const { out } = await registrations('list', '--json')
      expect(JSON.parse(out)).toMatchObject({ state: 'settled', keepsCredentials: false })
    })
  })
})

/** What the policy adds to a registration, and the identity server wants. */
const GIVEN_BY_POLICY = {
  id_token_encrypted_response_enc: 'A256GCM',
  id_token_signed_response_alg: 'PS256',
  token_endpoint_auth_signing_alg: 'PS256',
  jwks_uri: 'https://keystore.example/jwks',
}

describe('a client that was there before the gateway', () => {
  /** Registered at the identity server past the gateway, as everybody did until now. */
  const earlier = async (softwareId: string): Promise<{ body: Record<string, unknown> }> => {
    const { software_statement: _, ...metadata } = goodRegistration(laboratory(), SOFTWARE, new Date())
    const { identityServer, folder } = laboratory()
    const { readFile } = await import('node:fs/promises')
    const [certificate, privateKey, serverCa] = await Promise.all(
      ['gateway-client.pem', 'gateway-client.key', 'internal-ca.pem'].map((file) =>
        readFile(join(folder, file), 'utf8'),
      ),
    )
    const answer = await sendAs(
      { certificate: certificate ?? '', privateKey: privateKey ?? '', serverCa: serverCa ?? '' },
      {
        method: 'POST',
        url: identityServer.registrationUrl,
        headers: { authorization: `Bearer ${INITIAL_ACCESS_TOKEN}` },
        body: { ...metadata, ...GIVEN_BY_POLICY, software_id: softwareId },
      },
    )
    expect(answer.status, answer.text).toBe(201)
    return answer
  }

  it('is unknown as long as nobody says otherwise', async () => {
    const client = await earlier(SOFTWARE.softwareId)
    await withGateway({}, async (gateway) =>
      expect((await manage(gateway, 'GET', client as RegistrantAnswer)).status).toBe(401),
    )
  })

  it("is its owner's where the identity server's record names him, and gets a token of the gateway", async () => {
    const client = (await earlier(SOFTWARE.softwareId)) as RegistrantAnswer
    await withGateway({ upstream: { earlierClients: 'admit' } }, async (gateway) => {
      const read = await manage(gateway, 'GET', client)
      expect(read.status, read.text).toBe(200)
      const token = String(read.body['registration_access_token'])
      expect(token).not.toBe(client.body['registration_access_token'])
      expect((await manage(gateway, 'GET', client, token)).body['registration_access_token']).toBe(token)
    })
  })

  it("is nobody's whom that record does not name", async () => {
    const client = (await earlier(randomUUID())) as RegistrantAnswer
    await withGateway({ upstream: { earlierClients: 'admit' } }, async (gateway) =>
      expect((await manage(gateway, 'GET', client)).status).toBe(401),
    )
  })
})

describe('before an identity server without RFC 7592', () => {
  it('reads are answered from the record of the gateway, and nothing else is offered', async () => {
    await withGateway({ upstream: { management: 'record' } }, async (gateway) => {
      const client = await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))
      const asked = laboratory().identityServer.seen.length
      // The statement is echoed to whoever sent it, as it was sent.
      const { software_statement: _, ...registered } = client.body
      for (let round = 0; round < 2; round += 1) {
        const read = await manage(gateway, 'GET', client)
        expect([read.status, read.body]).toEqual([200, registered])
      }
      expect(laboratory().identityServer.seen).toHaveLength(asked)
      for (const method of ['PUT', 'DELETE']) {
        const refused = await manage(gateway, method, client, undefined, method === 'PUT' ? {} : undefined)
        expect([method, refused.status, refused.headers['allow']]).toEqual([method, 405, 'GET'])
      }
    })
  })

  it('nothing is managed, and nothing is said of it', async () => {
    await withGateway({ upstream: { management: 'none' } }, async (gateway) => {
      const client = await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))
      expect(client.status).toBe(201)
      expect(Object.keys(client.body).filter((name) => name.startsWith('registration_'))).toEqual([])
      const refused = await manage(gateway, 'GET', client, 'any')
      expect([refused.status, refused.headers['allow']]).toEqual([405, ''])
    })
  })
})

describe('support staff', () => {
  it('lists, shows and settles what is remembered, while the gateway runs', async () => {
    await withGateway({}, async (gateway) => {
      const client = await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))
      const clientId = String(client.body['client_id'])
      const { out: list } = await registrations('list')
      expect(list).toMatch(new RegExp(`^granted  \\S+  ${clientId}  ${SOFTWARE.softwareId}  /register  `, 'm'))
      expect((await registrations('list', '--state', 'unknown')).out).toMatch(/^0 registrations$/m)
      const { out: shown } = await registrations('show', SOFTWARE.softwareId)
      expect(shown).toContain(`client                ${clientId}\n`)
      expect(shown).toContain('CN=mtls.ipe.example.com.br')
      for (const text of [list, shown, (await registrations('show', clientId, '--json')).out])
        for (const secret of ['registration_access_token', 'client_secret'])
          expect(text).not.toContain((client.body[secret] ?? 'never') as string)
      const removed = await registrations('settle', clientId, '--remove')
      expect(removed).toMatchObject({
        code: 0,
        out: expect.stringMatching(/forgotten: its software can register\n$/) as unknown,
      })
      expect((await manage(gateway, 'GET', client)).status).toBe(401)
      expect((await register(gateway, goodRegistration(laboratory(), SOFTWARE, new Date()))).status).toBe(201)
    })
  })

  it('is told what it got wrong', async () => {
    await withGateway({}, async () => {
      expect(await registrations('show', 'nobody')).toMatchObject({
        code: 1,
        err: 'no registration is remembered of "nobody"\n',
      })
      expect((await registrations('settle', 'x', '--remove', '--forget')).err).toBe(
        '--remove and --forget exclude each other\n',
      )
    })
    await withGateway({ state: { kind: 'memory', url: undefined, keyPrefix: undefined } }, async () =>
      expect((await registrations('list')).err).toContain('lives in the running gateway alone'),
    )
  })
})
