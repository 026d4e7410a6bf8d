import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { readAudit, startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { openLaboratory, type Laboratory } from '../support/laboratory.ts'
import {
  mintAuthority,
  mintClientCertificate,
  mintServerCertificate,
  type MintedAuthority,
} from '../support/mint-certificates.ts'
import {
  sendAs,
  type RegistrantAnswer,
  type RegistrantIdentity,
  type RegistrantRequest,
} from '../support/registrant.ts'
import { createStatementSigner } from '../support/sign-statement.ts'

/** Two policies that no client can meet both of, and that word a refusal each in its own way. */
const policyOf = (name: string, statement: string): string => `apiVersion: dcr-gateway/v1
name: ${name}
version: "1"
title: t
source: s
members: { client_name: string }
softwareStatement: { create: ${statement}, algorithms: [PS256] }
reasons: { client-certificate-expired: { clause: ${name} 1 } }
rules:
  - { id: named-${name}, title: t, message: m, on: [create], require: 'metadata.client_name == "${name}"' }
`
const POLICIES = { bank: 'forbidden', fleet: 'forbidden', vouched: 'required' }
const [A, B] = ['issuer A', 'issuer B']

let laboratory: Laboratory
let identityServer: Server
let fleetAuthority: MintedAuthority
let serverCa: string
let gateway: RunningGateway | null = null
const log: LogEntry[] = []
const asked: string[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  fleetAuthority = await mintAuthority({ subject: [['CN', 'Fleet CA']] })
  const infrastructure = await mintAuthority({ subject: [['CN', 'Infrastructure']] })
  const server = await mintServerCertificate(infrastructure, { dnsNames: ['bank.example', 'fleet.example'] })
  serverCa = infrastructure.pem
  for (const [name, text] of Object.entries({
    ...Object.fromEntries(
      Object.entries(POLICIES).map(([name, mode]) => [`policies/${name}/policy.yaml`, policyOf(name, mode)]),
    ),
    ...{ 'trust/fleet/roots/fleet.pem': fleetAuthority.pem, 'hosts.pem': server.pem },
    'hosts.key': server.privateKeyPem,
  })) {
    await mkdir(dirname(join(laboratory.folder, name)), { recursive: true })
    await writeFile(join(laboratory.folder, name), text)
  }
  identityServer = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    const [, base = '', id = 'new'] = /^(\/reg\/[a-z]+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? []
    const body = {
      client_id: id,
      registration_client_uri: `http://127.0.0.1${base}/${id}`,
      registration_access_token: 't',
    }
    request.resume()
    response
      .writeHead(request.method === 'DELETE' ? 204 : 200)
      .end(request.method === 'DELETE' ? '' : JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(identityServer, 'listening')
})
afterEach(async () => {
  await gateway?.stop()
  gateway = null
  log.length = asked.length = 0
  await rm(join(laboratory.folder, 'audit.jsonl'), { force: true })
})
afterAll(async () => {
  identityServer.close()
  await laboratory.stop()
})

const registrationUrl = (name: string): string =>
  `http://127.0.0.1:${(identityServer.address() as AddressInfo).port}/reg/${name}`
const BANK = { name: 'bank', path: '/register', policy: 'bank', trustedIssuers: 'sandbox' }
const FLEET = { name: 'fleet', path: '/register', policy: 'fleet', trustedIssuers: 'fleet' }

/** As it stands in the settings. */
type EndpointText = Readonly<Record<string, unknown>> & { readonly name: string }

async function start(endpoints: readonly EndpointText[], sections: object = {}): Promise<number> {
  await laboratory.writeSettings({
    ...laboratory.settings,
    ...{ trust: { sandbox: 'trust/sandbox', fleet: 'trust/fleet' }, policies: { folder: 'policies' } },
    tls: { certificateFile: 'hosts.pem', privateKeyFile: 'hosts.key' },
    upstream: { registrationUrl: registrationUrl('standard') },
    endpoints: endpoints.map((endpoint) => ({ registrationUrl: registrationUrl(endpoint.name), ...endpoint })),
    ...sections,
  })
  gateway = await startLaboratoryGateway(laboratory, systemClock, log)
  return gateway.port
}

async function clientOf(authority: MintedAuthority, notAfter?: Date): Promise<RegistrantIdentity> {
  const life = notAfter === undefined ? {} : { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter }
  const { pem, privateKeyPem: privateKey } = await mintClientCertificate(authority, life)
  return { certificate: pem, privateKey, serverCa }
}

type Changes = Partial<Omit<RegistrantRequest, 'url'>> & { readonly below?: string }

/** A registration under a client name, unless something else is asked for. */
function send(as: RegistrantIdentity, port: number, name: string, { below = '', ...changes }: Changes = {}) {
  const url = `https://127.0.0.1:${port}/register${below}`
  return sendAs(as, { method: 'POST', url, ...(below === '' ? { body: { client_name: name } } : {}), ...changes })
}

const reasonOf = ({ status, body }: RegistrantAnswer): unknown => [
  status,
  (body['findings'] as readonly { rule: string }[] | undefined)?.[0]?.rule,
]
const judges = async (): Promise<unknown> =>
  (await readAudit(laboratory)).map(({ endpoint, candidates, policy }) => [
    endpoint,
    candidates,
    (policy as { name: string } | null)?.name ?? null,
  ])

describe('two policies at one path', () => {
  it('judge those whose certificates lead to their own issuers, and nobody else', async () => {
    const port = await start([BANK, FLEET])
    const [bank, fleet] = [await clientOf(laboratory.clientIssuer), await clientOf(fleetAuthority)]
    expect((await send(bank, port, 'bank')).status).toBe(201)
    expect((await send(fleet, port, 'fleet')).status).toBe(201)
    expect(reasonOf(await send(bank, port, 'fleet'))).toEqual([400, 'named-bank'])
    expect(reasonOf(await send(fleet, port, 'bank'))).toEqual([400, 'named-fleet'])
    expect(asked).toEqual(['POST /reg/bank', 'POST /reg/fleet'])
    expect(await judges()).toEqual(['bank', 'fleet', 'bank', 'fleet'].map((name) => [name, [], name]))
  })

  it('refuse strangers and those without a certificate in the name of both', async () => {
    const port = await start([BANK, FLEET])
    const stranger = await clientOf(await mintAuthority({ subject: [['CN', 'Stranger']] }))
    expect(reasonOf(await send(stranger, port, 'bank'))).toEqual([401, 'client-certificate-issuer-unknown'])
    const nobody = { certificate: null, privateKey: null, serverCa }
    expect(reasonOf(await send(nobody, port, 'bank'))).toEqual([401, 'client-certificate-required'])
    expect(asked).toEqual([])
    expect(await judges()).toEqual([
      [null, ['bank', 'fleet'], null],
      [null, ['bank', 'fleet'], null],
    ])
  })

  it('refuse an expired certificate in the words of the policy that knows its issuer', async () => {
    const port = await start([BANK, FLEET])
    const answer = await send(await clientOf(fleetAuthority, new Date('2021-01-01T00:00:00Z')), port, 'fleet')
    expect(reasonOf(answer)).toEqual([401, 'client-certificate-expired'])
    expect(answer.body['findings']).toMatchObject([{ clause: 'fleet 1' }])
  })

  it('let each manage its clients where they were registered [RFC 7592]', async () => {
    const [port, fleet] = [await start([BANK, FLEET]), await clientOf(fleetAuthority)]
    const { registration_access_token: token } = (await send(fleet, port, 'fleet')).body
    const headers = { authorization: `Bearer ${String(token)}` }
    const { body } = await send(fleet, port, '', { below: '/new', headers, method: 'GET' })
    expect(body['registration_client_uri']).toBe('https://127.0.0.1:8443/register/new')
    expect((await send(fleet, port, '', { below: '/new', headers, method: 'DELETE' })).status).toBe(204)
    expect(asked).toEqual(['POST /reg/fleet', 'GET /reg/fleet/new', 'DELETE /reg/fleet/new'])
  })

  it('refuse what neither takes: operations [RFC 9110 15.5.6] and content types [15.5.16]', async () => {
    const operations = ['create', 'read']
    const port = await start([
      { ...BANK, operations },
      { ...FLEET, operations },
    ])
    const bank = await clientOf(laboratory.clientIssuer)
    const remove = await send(bank, port, '', {
      below: '/abc',
      method: 'DELETE',
      headers: { authorization: 'Bearer t' },
    })
    expect([...(reasonOf(remove) as unknown[]), remove.headers['allow']]).toEqual([405, 'method-not-allowed', 'GET'])
    const jose = await send(bank, port, 'bank', { headers: { 'content-type': 'application/jose' } })
    expect(reasonOf(jose)).toEqual([415, 'content-type-unsupported'])
    expect(asked).toEqual([])
    expect(log.filter(({ event }) => event === 'mend').map(({ facts }) => facts['path'])).toEqual(
      [0, 0, 1, 1].map((index) => `endpoints[${index}].operations`),
    )
  })

  it('share no issuer even when trust folders are renewed: then everything stays as it was', async () => {
    const port = await start([BANK, FLEET])
    const copy = join(laboratory.folder, 'trust/sandbox/roots/fleet.pem')
    await writeFile(copy, fleetAuthority.pem)
    expect(await gateway?.renew()).toBe(false)
    await rm(copy)
    const refused = log.find(({ event }) => event === 'renewal-refused')
    expect(JSON.stringify(refused?.facts['faults'])).toContain('which trust sandbox and trust fleet hold')
    expect((await send(await clientOf(fleetAuthority), port, 'fleet')).status).toBe(201)
  })
})

describe('two policies at two hosts', () => {
  const endpoints = [
    { ...BANK, host: 'bank.example' },
    { ...FLEET, host: 'fleet.example', trustedIssuers: 'sandbox' },
  ]
  const at = (host: string, serverName = host): Changes => ({ headers: { host }, serverName })

  it('judge what is addressed to their own, and give out clients there', async () => {
    const port = await start(endpoints)
    const client = await clientOf(laboratory.clientIssuer)
    expect((await send(client, port, 'bank', at('bank.example'))).body['registration_client_uri']).toBe(
      'https://bank.example:8443/register/new',
    )
    expect((await send(client, port, 'fleet', at('fleet.example:8443', 'fleet.example'))).status).toBe(201)
    expect(reasonOf(await send(client, port, 'bank', at('fleet.example')))).toEqual([400, 'named-fleet'])
    expect(asked).toEqual(['POST /reg/bank', 'POST /reg/fleet'])
  })

  it('refuse requests to other hosts, and over a connection for another host [RFC 9110 15.5.20]', async () => {
    const port = await start(endpoints)
    const client = await clientOf(laboratory.clientIssuer)
    expect(reasonOf(await send(client, port, 'bank', at('other.example', 'bank.example')))).toEqual([
      421,
      'host-unknown',
    ])
    expect(reasonOf(await send(client, port, 'bank'))).toEqual([421, 'host-unknown'])
    expect(reasonOf(await send(client, port, 'bank', at('bank.example', 'fleet.example')))).toEqual([
      ...[421, 'request-misdirected'],
    ])
    expect(asked).toEqual([])
  })
})

describe('two directories at one path', () => {
  it('have their own statements verified, whoever else signs under their name', async () => {
    const keys = { jwksUri: laboratory.directory.jwksUri, caFile: 'internal-ca.pem' }
    const directories = { a: { issuers: [A], ...keys }, b: { issuers: [B], ...keys } }
    const vouched = { ...BANK, policy: 'vouched', operations: ['create'] }
    const port = await start(
      [
        { ...vouched, name: 'a', directories: ['a'] },
        { ...vouched, name: 'b', directories: ['b'] },
        { ...BANK, name: 'rest', operations: ['read'] },
      ].map((endpoint) => ({ ...endpoint, registrationUrl: registrationUrl('all'), sharesClients: true })),
      { directories },
    )
    const client = await clientOf(laboratory.clientIssuer)
    const register = (signer: { sign: typeof laboratory.signer.sign }, iss: string): Promise<RegistrantAnswer> =>
      send(client, port, '', { body: { client_name: 'vouched', software_statement: signer.sign({ iss }) } })
    expect((await register(laboratory.signer, A)).status).toBe(201)
    expect((await register(laboratory.signer, B)).status).toBe(201)
    expect(reasonOf(await register(laboratory.signer, 'issuer C'))).toEqual([400, 'statement-issuer-untrusted'])
    const forger = await createStatementSigner({ kid: 'signer' })
    expect(reasonOf(await register(forger, B))).toEqual([400, 'statement-signature-invalid'])
    expect(reasonOf(await send(client, port, 'vouched'))).toEqual([400, 'statement-required'])
    expect(await judges()).toEqual([
      ['a', [], 'vouched'],
      ['b', [], 'vouched'],
      [null, ['a', 'b'], null],
      ['b', [], 'vouched'],
      ['a', [], 'vouched'],
    ])
  })
})
