import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { openRevocation } from '../../../../src/certificate/revocation/open-revocation.ts'
import { DEFAULT_GATE_LIMITS, FetchGate } from '../../../../src/certificate/revocation/store/fetch-gate.ts'
import { trustSettingsSchema } from '../../../../src/certificate/trust/trust-settings-schema.ts'
import { buildTrustStore } from '../../../../src/certificate/trust/trust-store.ts'
import { startCrlServer, type CrlServer } from '../../../support/crl-server.ts'
import { mintAuthority, mintClientCertificate } from '../../../support/mint-certificates.ts'
import { mintCrl } from '../../../support/mint-crl.ts'

const NOW = new Date('2026-01-15T00:00:00Z')
const LIFE = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') }

let server: CrlServer

beforeAll(async () => {
  server = await startCrlServer()
})

afterAll(async () => server.stop())

it('does not keep a list that is signed and has a malformed entry', async () => {
  const root = await mintAuthority(LIFE)
  const minted = await mintClientCertificate(root, { ...LIFE, crlUrls: [`${server.url}root.crl`] })
  server.crls.set('root.crl', mintCrl(root, { entries: [{ serialNumber: 1, reason: 7 }] }))
  const [certificate, issuer] = [minted, root].map(({ der }) => parseCertificate(der))
  if (certificate === undefined || issuer === undefined) throw new Error('not minted')
  const settings = trustSettingsSchema.parse({ fetch: { allowPrivateAddresses: true, hosts: ['127.0.0.1'] } })
  const trust = buildTrustStore('t', [issuer], [], { crls: [], responders: [], settings })
  const clock = { now: () => NOW, elapsedMs: () => 0 }
  const gate = new FetchGate(DEFAULT_GATE_LIMITS, clock, () => undefined)
  const problems: unknown[] = []
  const store = openRevocation({
    ...{ trust: () => trust, gate, clock, folder: null },
    onEvent: (event) => problems.push('detail' in event ? event.detail : event.kind),
  })
  const path = { client: certificate, intermediates: [], anchor: issuer }
  const { status } = await store.ask({ link: { certificate, issuer }, path, check: ['crl'], lastGoodHoldsMs: 0 })
  await store.close()
  expect(status.kind).toBe('unknown')
  expect(problems).toEqual(['the revocation list has an entry that cannot be read'])
})
