import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, OTHER_SOFTWARE, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import type { BrazilianIdentity } from '../support/mint-subject.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

let laboratory: Laboratory
let gateway: RunningGateway
let tpp: RegistrantIdentity
let other: RegistrantIdentity

const register = (party: RegistrantIdentity, software: BrazilianIdentity): Promise<RegistrantAnswer> =>
  sendAs(party, { method: 'POST', url: at('/register'), body: goodRegistration(laboratory, software, new Date()) })
const at = (path: string): string => `https://127.0.0.1:${gateway.port}${path}`

interface Managing {
  readonly as?: RegistrantIdentity
  readonly body?: object
  readonly path?: string
  readonly token?: string
}

function manage(method: string, of: RegistrantAnswer, { as = tpp, body, path, token }: Managing = {}) {
  const uri = String(of.body['registration_client_uri']).replace('https://127.0.0.1:8443', '')
  return sendAs(as, {
    method,
    url: at(path ?? uri),
    headers: { authorization: `Bearer ${token ?? String(of.body['registration_access_token'])}` },
    ...(body === undefined ? {} : { body }),
  })
}

/** All of an answer that an onlooker could tell two refusals apart by. */
const shape = ({ status, headers, body }: RegistrantAnswer): object => {
  const { decision_id: id, ...rest } = body
  expect(id).toEqual(expect.any(String))
  return { status, body: rest, challenge: headers['www-authenticate'], names: Object.keys(headers).sort() }
}

async function lastDetail(): Promise<string> {
  const record = (await readAudit(laboratory)).at(-1)
  return String((record?.['findings'] as readonly { detail: string }[])[0]?.detail)
}

const update = (of: RegistrantAnswer, software: BrazilianIdentity): Record<string, unknown> =>
  goodRegistration(laboratory, software, new Date(), { metadata: { client_id: of.body['client_id'] } })

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: join(ROOT, 'policies') })
  gateway = await startLaboratoryGateway(laboratory)
  tpp = await laboratory.registrant(SOFTWARE)
  other = await laboratory.registrant(OTHER_SOFTWARE)
})
afterAll(async () => {
  await gateway.stop()
  await laboratory.stop()
})

describe('a client', () => {
  let mine: RegistrantAnswer
  let theirs: RegistrantAnswer
  /** What whoever holds nothing is answered. */
  let unknown: object

  beforeAll(async () => {
    mine = await register(tpp, SOFTWARE)
    theirs = await register(other, OTHER_SOFTWARE)
    expect([mine.status, theirs.status]).toEqual([201, 201])
    unknown = shape(await manage('GET', mine, { token: randomBytes(32).toString('base64url') }))
    expect(unknown).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  it('is the only one of its software (BR-DUP-01)', async () => {
    const again = await register(tpp, SOFTWARE)
    expect(again.status).toBe(400)
    expect(again.body).toMatchObject({ error: 'invalid_client_metadata', findings: [{ rule: 'client-exists' }] })
    expect(again.body).not.toHaveProperty('client_id')
  })

  it('keeps the very token that its registrant holds, in every answer (BR-RSP-04)', async () => {
    const token = mine.body['registration_access_token']
    const read = await manage('GET', mine)
    const updated = await manage('PUT', mine, { body: update(mine, SOFTWARE) })
    for (const { status, body } of [read, updated, await manage('GET', mine)])
      expect([status, body['registration_access_token']]).toEqual([200, token])
    const seen = laboratory.identityServer.seen.at(-1)?.headers['authorization'] ?? ''
    expect(seen).toMatch(/^Bearer .{20,}/)
    expect(seen).not.toContain(token)
  })

  it('is managed under both forms of its URI, and has one URI whatever was asked (BR-DCM-19)', async () => {
    const id = encodeURIComponent(String(mine.body['client_id']))
    for (const path of [`/register/${id}`, `/register?client_id=${id}`, `/register/${id}?x=1`]) {
      const { status, body } = await manage('GET', mine, { path })
      expect([path, status, body['registration_client_uri']]).toEqual([path, 200, mine.body['registration_client_uri']])
    }
  })

  it('takes its registration back as it was answered, with a fresh statement (BR-DCM-13)', async () => {
    const { software_statement } = update(mine, SOFTWARE)
    const given = Object.entries(mine.body).filter(([name]) => !SERVER_MEMBERS.includes(name))
    const echoed = await manage('PUT', mine, { body: { ...Object.fromEntries(given), software_statement } })
    expect(echoed.status, echoed.text).toBe(200)
  })

  it.each(['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at'])(
    'is not updated by a request with %s (RFC 7592 section 2.2)',
    async (member) => {
      const body = { ...update(mine, SOFTWARE), [member]: mine.body[member] ?? 0 }
      const refused = await manage('PUT', mine, { body })
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_client_metadata'])
    },
  )

  it.each([
    ['a renewed certificate', {}],
    [
      'a certificate under another name',
      { commonName: 'neu.ipe.example.com.br', organisationName: 'Ipe Pagamentos SA' },
    ],
  ])('is managed with %s of the same software', async (_, changes) => {
    const renewed = await laboratory.registrant({ ...SOFTWARE, ...changes })
    expect((await manage('GET', mine, { as: renewed })).status).toBe(200)
    expect((await manage('PUT', mine, { as: renewed, body: update(mine, SOFTWARE) })).status).toBe(200)
  })

  describe.each(['GET', 'PUT', 'DELETE'])('taken over by %s', (method) => {
    const body = (): Managing => (method === 'PUT' ? { body: update(mine, OTHER_SOFTWARE) } : {})

    it('with its own token and the certificate of another software: 401, as if nothing were there', async () => {
      expect(shape(await manage(method, mine, { as: other, ...body() }))).toEqual(unknown)
      expect(await lastDetail()).toBe('the token is of another owner')
    })

    it('with the token and certificate of another client', async () => {
      const path = new URL(String(mine.body['registration_client_uri'])).pathname
      expect(shape(await manage(method, theirs, { as: other, path, ...body() }))).toEqual(unknown)
      expect(await lastDetail()).toBe('the token is of another client')
    })

    it('with a guessed client id', async () => {
      expect(shape(await manage(method, mine, { path: '/register/guessed', ...body() }))).toEqual(unknown)
    })

    it('with a token of another key ring', async () => {
      const token = await foreignToken(mine)
      expect(shape(await manage(method, mine, { token, ...body() }))).toEqual(unknown)
      expect(await lastDetail()).toBe('no key of the gateway opens the token')
    })

    it('with the token that the identity server knows, which never leaves the gateway', async () => {
      await manage('GET', mine)
      const token = (laboratory.identityServer.seen.at(-1)?.headers['authorization'] ?? '').replace('Bearer ', '')
      expect(shape(await manage(method, mine, { token, ...body() }))).toEqual(unknown)
    })
  })

  it('is not moved to other software by a statement of it (BR-DCM-11): 401, before any rule is told of', async () => {
    expect(shape(await manage('PUT', mine, { body: update(mine, OTHER_SOFTWARE) }))).toEqual(unknown)
    expect(await lastDetail()).toBe('the client is of other software')
  })

  it('is what it was after all of these', async () => {
    const read = await manage('GET', mine)
    expect(read.body).toMatchObject({ client_id: mine.body['client_id'], redirect_uris: mine.body['redirect_uris'] })
  })

  it('makes room for another one when it is deleted (BR-DUP-02), and its token is worth nothing', async () => {
    expect((await manage('DELETE', mine)).status).toBe(204)
    expect(shape(await manage('GET', mine))).toEqual(unknown)
    expect(shape(await manage('DELETE', mine))).toEqual(unknown)
    const next = await register(tpp, SOFTWARE)
    expect([next.status, next.body['client_id'] === mine.body['client_id']]).toEqual([201, false])
  })

  it('has no management but that of RFC 7592: other methods are 405 (BR-DCM-21)', async () => {
    const refused = await manage('PATCH', theirs, { as: other, body: {} })
    expect([refused.status, refused.headers['allow']]).toEqual([405, 'GET, PUT, DELETE'])
  })
})

const SERVER_MEMBERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** As another bank's gateway would have sealed it. */
async function foreignToken(of: RegistrantAnswer): Promise<string> {
  const elsewhere = await openLaboratory({ policies: join(ROOT, 'policies') })
  const there = await startLaboratoryGateway(elsewhere)
  const party = await elsewhere.registrant(SOFTWARE)
  const body = goodRegistration(elsewhere, SOFTWARE, new Date())
  const answer = await sendAs(party, { method: 'POST', url: `https://127.0.0.1:${there.port}/register`, body })
  await there.stop()
  await elsewhere.stop()
  expect(answer.status).toBe(201)
  expect(answer.body['client_id']).not.toBe(of.body['client_id'])
  return String(answer.body['registration_access_token'])
}
