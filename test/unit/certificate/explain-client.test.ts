import { describe, expect, it } from 'vitest'
import type { ClientExplanation } from '../../../src/certificate/explain-client.ts'
import { USUAL_TRUST_SETTINGS } from '../../../src/certificate/trust/trust-settings-schema.ts'
import { startCrlServer } from '../../support/crl-server.ts'
import { mintAuthority, SERVER_AUTH } from '../../support/mint-certificates.ts'
import { mintCrl } from '../../support/mint-crl.ts'
import { trustOf } from './chain-fixture.ts'
import { ASKING_CRLS, explain, issuing, LIFE, mintClient, root, trustWithCrls } from './explain-fixture.ts'

const client = await mintClient()

/** Where each path breaks, from the client's certificate on, and why. */
const breaks = ({ paths }: ClientExplanation) =>
  paths.map(({ broken }) => broken && [broken.position, broken.finding.reason])

describe('the explanation of a client', () => {
  it('has a path on which all holds, and a verdict that says so', async () => {
    const explanation = await explain(client)
    expect(breaks(explanation)).toEqual([null])
    expect(explanation).toMatchObject({ refused: null, finding: null, paths: [{ revocation: null }] })
  })

  it('names the link that fails: the client, an intermediate, or a date', async () => {
    const forServers = await mintClient({ extendedKeyUsage: [SERVER_AUTH] })
    const noAuthority = await mintAuthority({ ...LIFE, issuer: root, basicConstraints: { ca: false } })
    const old = await mintAuthority({ ...LIFE, issuer: root, notAfter: new Date('2026-01-10T00:00:00Z') })
    const below = await mintClient({}, old)
    const first = await explain(forServers)
    expect(breaks(first)).toEqual([[0, 'client-certificate-wrong-purpose']])
    expect(first.paths[0]?.broken?.stopsThere).toBe(true)
    expect(breaks(await explain(await mintClient({}, noAuthority)))).toEqual([[1, 'client-certificate-issuer-not-ca']])
    const dated = await explain(below)
    expect(breaks(dated)).toEqual([[1, 'client-certificate-issuer-expired']])
    expect(dated.paths[0]?.broken?.stopsThere).toBe(false)
  })

  it('has every path that was tried, and is accepted when one of them holds', async () => {
    const namesake = await mintAuthority({ ...LIFE, subject: [['CN', 'Root']] })
    const explanation = await explain(client, { trust: trustOf([namesake, root]) })
    expect(breaks(explanation).toSorted()).toEqual([[1, 'client-certificate-signature-invalid'], null])
    expect(explanation.refused).toBeNull()
  })

  it('says why there is no path, and of what cannot be read that it cannot', async () => {
    const stranger = await mintClient({}, await mintAuthority(LIFE))
    expect(await explain(stranger)).toMatchObject({
      paths: [],
      finding: { reason: 'client-certificate-issuer-unknown' },
      refused: { reason: 'client-certificate-issuer-unknown' },
    })
    expect(await explain(client, { presented: [Buffer.from('no certificate'), issuing.der] })).toMatchObject({
      client: null,
      finding: { reason: 'client-certificate-malformed' },
      refused: { reason: 'client-certificate-malformed' },
      offered: [{ facts: { subject: [[{ value: 'Issuing' }]] } }],
    })
  })

  it('takes the verdict of the gateway, which looks at no more certificates than it may', async () => {
    const explanation = await explain(client, { presentedLimit: 1 })
    expect(breaks(explanation)).toEqual([null])
    expect(explanation.refused?.reason).toBe('client-certificate-chain-too-long')
  })

  it('has revocation under the demand of the policy, by the lists of the folder', async () => {
    const lists = [mintCrl(root), mintCrl(issuing)]
    const good = await explain(client, { trust: trustWithCrls(lists), demand: ASKING_CRLS })
    expect(good.refused).toBeNull()
    const statuses = good.paths[0]?.revocation?.certificates.map(({ answer }) => answer?.status.kind)
    expect(statuses).toEqual(['good', 'good'])
    const listed = mintCrl(issuing, { entries: [{ serialNumber: 0x1234, reason: 1 }] })
    const revoked = await explain(client, { trust: trustWithCrls([mintCrl(root), listed]), demand: ASKING_CRLS })
    expect(revoked.refused?.reason).toBe('client-certificate-revoked')
    expect(revoked.paths[0]?.revocation?.refused?.reason).toBe('client-certificate-revoked')
  })

  it('asks nobody over the network while it is offline, also those that certificates name', async () => {
    const server = await startCrlServer()
    server.crls.set('issuing.crl', mintCrl(issuing))
    const named = await mintClient({ crlUrls: [`${server.url}issuing.crl`] })
    const settings = {
      ...USUAL_TRUST_SETTINGS,
      fetch: { ...USUAL_TRUST_SETTINGS.fetch, allowPrivateAddresses: true, hosts: ['127.0.0.1'] },
    }
    const trust = trustWithCrls([mintCrl(root)], { settings })
    const explanation = await explain(named, { trust, demand: ASKING_CRLS })
    await server.stop()
    expect(server.asked).toEqual([])
    expect(explanation.refused?.reason).toBe('client-certificate-revocation-unknown')
    expect(explanation.paths[0]?.revocation?.certificates[0]?.answer?.tried).toEqual([
      { source: 'crl', why: 'no revocation list covers the certificate' },
    ])
  })
})
