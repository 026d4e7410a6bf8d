import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { ROOT } from '../architecture/source-files.ts'
import { mintAuthority, mintServerCertificate } from '../support/mint-certificates.ts'

const BANK = `apiVersion: dcr-gateway/v1
name: bank
version: "1"
title: Registration at our bank
source: Harbour Data Scheme Rulebook 1.0; our terms
extends: [harbour]
off: [names-end-with-harbour]
`

const BANK_CASES = `given:
  certificate: { subject: 'CN=app.example,organizationIdentifier=HARBOUR-m-17,C=NL' }
  statement: { member_id: m-17, software_id: s-1, software_redirect_uris: [https://app.example/cb], berths: [pilot] }
  metadata:
    redirect_uris: [https://app.example/cb]
    token_endpoint_auth_method: private_key_jwt
    jwks_uri: https://app.example/jwks
approve:
  - name: an unmarked name after the day, since that rule is off
    metadata: { client_name: Tide table }
    now: '2027-01-01T00:00:00Z'
reject:
  - name: an inherited rule is not off
    metadata: { redirect_uris: [https://evil.example/cb] }
    rules: [redirect-uris-approved]
    answer: 400 invalid_redirect_uri
`

const REQUEST = {
  redirect_uris: ['https://app.example/cb', 'https://evil.example/cb'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: 'https://app.example/jwks',
  shoe_size: 42,
}
const STATEMENT = {
  member_id: 'm-17',
  software_id: 's-1',
  software_redirect_uris: ['https://app.example/cb'],
  berths: ['pilot'],
}

/** A folder in which every command of README.md, "Tools", can be run: the policies of policies/README.md, and settings that bind one. */
export async function writeToolsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dcr-tools-'))
  await cp(join(ROOT, 'policies/rfc7591'), join(folder, 'policies/rfc7591'), { recursive: true })
  const guide = await readFile(join(ROOT, 'policies/README.md'), 'utf8')
  const harbour = [...guide.matchAll(/<!-- example: (harbour\/\S+) -->\n```yaml\n([\s\S]*?)```/g)]
  const files = Object.fromEntries(harbour.map(([, name = '', text = '']) => [`policies/${name}`, text]))
  const next = (files['policies/harbour/policy.yaml'] ?? '')
    .replace('version: "1.0"', 'version: "1.1"')
    .replace('mode: report', 'mode: enforce')
    .replace('scope: [openid, tides, moorings, orders]', 'scope: [openid, tides, moorings, orders, pilotage]')
    .replace('pilot: [tides, moorings]', 'pilot: [tides, moorings, pilotage]')
  const authority = await mintAuthority({})
  const scheme = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = await mintServerCertificate(authority, { dnsNames: ['dcr.bank.example'] })
  await writeAll(folder, {
    ...files,
    'policies/bank/policy.yaml': BANK,
    'policies/bank/cases.yaml': BANK_CASES,
    'next/harbour/policy.yaml': next,
    'request.json': JSON.stringify(REQUEST),
    'statement.json': JSON.stringify(STATEMENT),
    'certificate.yaml': "subject: 'CN=app.example,organizationIdentifier=HARBOUR-m-17,C=NL'\n",
    'trust/roots/root.pem': authority.pem,
    'server.pem': server.pem,
    'server.key': server.privateKeyPem,
    'sealing.key': randomBytes(32).toString('hex'),
    'scheme.key': scheme.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'gateway.yaml': stringify(SETTINGS),
  })
  await cp(join(ROOT, 'policies/rfc7591'), join(folder, 'next/rfc7591'), { recursive: true })
  return folder
}

const SETTINGS = {
  listen: { publicUrl: 'https://dcr.bank.example' },
  tls: { certificateFile: 'server.pem', privateKeyFile: 'server.key' },
  trust: { harbour: 'trust' },
  sealing: { keys: [{ id: 'test', secret: { file: 'sealing.key' } }] },
  upstream: { registrationUrl: 'https://as.bank.example/register' },
  endpoints: [{ path: '/register', policy: 'bank', trustedIssuers: 'harbour', directories: ['harbour'] }],
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
