import { strict as assert } from 'node:assert'
import { X509Certificate, type KeyObject } from 'node:crypto'
import type { ParsedCertificate } from '../../src/certificate/parse/parsed-certificate.ts'
import type { ParsedCrl } from '../../src/certificate/revocation/crl/parsed-crl.ts'
import type { RevocationSources } from '../../src/certificate/revocation/store/revocation-store.ts'
import type { TrustStore } from '../../src/certificate/trust/trust-store.ts'
import type { Peer } from '../../src/model/arrival.ts'
import type { VerifiedClient } from '../../src/model/client.ts'
import type { RevocationDemand } from '../../src/model/policy.ts'
import { systemClock } from '../support/gateway.ts'
import { mintCrl } from '../support/mint-crl.ts'
import { BUILT } from './built-gateway.ts'
import type { Contender } from './compare.ts'
import type { MintedClient } from './mint-client.ts'

const { buildTrustStore, createClientIdentification, openRevocation, parseCertificate, parseCrl, FetchGate, Refusal } =
  BUILT

type Identify = (peer: Peer, now: Date) => Promise<VerifiedClient | null>

/** What the gateway holds before anybody comes. */
interface Holdings {
  readonly anchor: ParsedCertificate
  readonly crls: readonly ParsedCrl[]
}

const REVOCATION: RevocationDemand = { check: ['crl'], unknown: 'refuse', lastGoodHoldsSeconds: 0, issuers: [] }
const NOW = new Date()
const HOUR_MS = 3_600_000
const CRL_DATES = { thisUpdate: new Date(NOW.getTime() - HOUR_MS), nextUpdate: new Date(NOW.getTime() + HOUR_MS) }
const CRL_ENTRIES = Array.from({ length: 1000 }, (_, number) => ({ serialNumber: 1_000_000 + number }))
const FRESH_TIMES = 500
const LATER_TIMES = 20_000

/** The whole of what is asked of a new connection, against the least that honest code could do with node:crypto alone. */
export function freshConnections(minted: MintedClient): readonly Contender[] {
  const held = holdingsOf(minted)
  const known = identification(held, false)
  const checked = identification(held, true)
  return [
    nodeCryptoAlone(minted),
    fresh('identified, its intermediate never seen before', minted, () => identification(held, false)),
    fresh('identified, its intermediate seen before', minted, () => known),
    fresh('the same, revocation from held CRLs', minted, () => checked),
  ]
}

/** What further requests on a connection cost, against its first. */
export function laterRequests(minted: MintedClient): readonly Contender[] {
  const held = holdingsOf(minted)
  const known = identification(held, false)
  return [
    fresh('first request, intermediate seen before', minted, () => known),
    later('next request', minted, known),
    later('next request, revocation from held CRLs', minted, identification(held, true)),
  ]
}

/** Parse both, check both signatures and names: no dates, no extensions, no policy, no revocation. */
function nodeCryptoAlone({ root, issuing, client }: MintedClient): Contender {
  const anchor = new X509Certificate(root.der)
  const anchorKey: KeyObject = anchor.publicKey
  const verifies = (own: Buffer): boolean => {
    const [leaf, intermediate] = [new X509Certificate(own), new X509Certificate(issuing.der)]
    return (
      leaf.checkIssued(intermediate) &&
      intermediate.checkIssued(anchor) &&
      leaf.verify(intermediate.publicKey) &&
      intermediate.verify(anchorKey)
    )
  }
  return {
    name: 'node:crypto alone: two certificates, signatures and names',
    times: FRESH_TIMES,
    check: () => {
      assert.equal(verifies(client.der), true)
      assert.equal(verifies(forged(client.der)), false)
    },
    run: (times) => {
      for (let count = 0; count < times; count += 1) verifies(client.der)
    },
  }
}

function fresh(name: string, minted: MintedClient, identify: () => Identify): Contender {
  return {
    name,
    times: FRESH_TIMES,
    check: () => checkIdentifies(identify(), minted),
    run: async (times) => {
      for (let count = 0; count < times; count += 1) await identify()(connectionOf(minted), NOW)
    },
  }
}

function later(name: string, minted: MintedClient, identify: Identify): Contender {
  const peer = connectionOf(minted)
  return {
    name,
    times: LATER_TIMES,
    check: () => checkIdentifies(identify, minted),
    run: async (times) => {
      for (let count = 0; count < times; count += 1) await identify(peer, NOW)
    },
  }
}

async function checkIdentifies(identify: Identify, { client, issuing }: MintedClient): Promise<void> {
  const verified = await identify(connectionOf({ client, issuing }), NOW)
  assert.equal(verified?.certificate.serialNumber, parseCertificate(client.der).facts.serialNumber)
  const forgery = { ...connectionOf({ client, issuing }), presented: [forged(client.der), issuing.der], openssl: null }
  await assert.rejects(identify(forgery, NOW), (refusal) => {
    assert.ok(refusal instanceof Refusal)
    return refusal.findings[0].reason === 'client-certificate-signature-invalid'
  })
}

/** The last byte belongs to the signature. */
function forged(der: Buffer): Buffer {
  const copy = Buffer.from(der)
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  return copy
}

function connectionOf({ client, issuing }: Pick<MintedClient, 'client' | 'issuing'>): Peer {
  const openssl = { trustEdition: 0, error: null }
  return {
    address: '192.0.2.1',
    tlsVersion: 'TLSv1.3',
    serverName: null,
    presented: [client.der, issuing.der],
    openssl,
  }
}

/** The root and current CRLs of both authorities, read once as at the start of the gateway. */
function holdingsOf({ root, issuing }: MintedClient): Holdings {
  const crls = [root, issuing].map((issuer) => parseCrl(mintCrl(issuer, { ...CRL_DATES, entries: CRL_ENTRIES })))
  return { anchor: parseCertificate(root.der), crls }
}

/** With nothing remembered of earlier connections but the trusted issuers themselves. */
function identification({ anchor, crls }: Holdings, revocation: boolean): Identify {
  const trust = buildTrustStore('bench', [anchor], [], { crls, responders: [], settings: BUILT.USUAL_TRUST_SETTINGS })
  const sources = revocation ? sourcesOf(trust) : undefined
  return createClientIdentification({
    demand: { required: true, policies: null, revocation: revocation ? REVOCATION : null },
    trust: () => trust,
    presentedLimit: 10,
    revocation: () => sources ?? assert.fail('asked about revocation'),
    trustEdition: () => 0,
    soleTrust: true,
    onDisagreement: () => assert.fail('the verdicts disagree'),
  })
}

/** What is held in memory answers; nobody is asked, and whoever would be asked is not there. */
function sourcesOf(trust: TrustStore): RevocationSources {
  const onEvent = (): void => assert.fail('somebody was asked')
  const gate = new FetchGate(BUILT.DEFAULT_GATE_LIMITS, systemClock, onEvent)
  const store = openRevocation({ trust: () => trust, gate, clock: systemClock, folder: null, onEvent })
  return store.withLocal(trust.crls)
}
