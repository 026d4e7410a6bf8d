import { describe, expect, it } from 'vitest'
import type { Evidence, LookupEvidence } from '../../../../src/model/decision.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import { Refusal } from '../../../../src/model/refusal.ts'
import { decide } from '../../../../src/policy/decide.ts'
import { lookUp } from '../../../../src/policy/lookup/look-up.ts'
import { loadPolicy } from '../policy-fixture.ts'
import { evidenceOf, failure, NOW, POLICY, sourcesOf, type RecordedSources } from './lookup-fixture.ts'

const policy = await loadPolicy(POLICY)
const IDENTITY = { name: 'tested', version: '1', sha256: 'hash' }
const LOOK: JsonObject = { keys: 'look' }

const SECTOR = { sector_identifier_uri: 'https://sector.example/list', redirect_uris: ['https://a.example/cb'] }

function look(evidence: LookupEvidence, sources: RecordedSources, parameters = LOOK) {
  return lookUp(policy, parameters, evidence, NOW, sources)
}

/** Reasons and rules that the stage and the decision give together. */
async function brokenBy(evidence: LookupEvidence, sources: RecordedSources): Promise<readonly string[]> {
  try {
    const lookups = await look(evidence, sources)
    decide(policy, IDENTITY, LOOK, { ...evidence, lookups }, NOW)
    return []
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return refusal.findings.map(({ rule, reason }) => rule ?? reason)
  }
}

describe('the look-ups of a registration', () => {
  it('are those whose address has a value, with the values as rules see them', async () => {
    const sources = sourcesOf({ sector: ['https://a.example/cb'] })
    const { values, outcomes, failures } = await look(evidenceOf(SECTOR), sources)
    expect(sources.asked).toEqual([['sector', 'https://sector.example/list']])
    expect(values).toEqual({ sector: ['https://a.example/cb'] })
    expect(outcomes).toEqual([{ lookup: 'sector', host: 'sector.example', problem: null }])
    expect(failures).toEqual([])
  })

  it('are all made at the same time', async () => {
    const sources = sourcesOf({ sector: [], keys: [], taste: 1 })
    const given = evidenceOf({ ...SECTOR, jwks_uri: 'https://a.example/jwks' }, { jwks_uri: 'https://keys.example/a' })
    const running = look(given, sources)
    expect(sources.asked.map(([lookup]) => lookup)).toEqual(['sector', 'keys', 'taste'])
    await running
  })

  it('follow parameters', async () => {
    const sources = sourcesOf({})
    await look(evidenceOf({}, { jwks_uri: 'https://keys.example/a' }), sources, { keys: 'leave' })
    expect(sources.asked).toEqual([])
  })

  it('are none where the address has another type than declared: that is a finding of its own', async () => {
    const sources = sourcesOf({})
    const metadata = { sector_identifier_uri: ['https://sector.example/list'] }
    expect(await brokenBy(evidenceOf(metadata), sources)).toEqual(['metadata-member-invalid'])
    expect(sources.asked).toEqual([])
  })

  it.each(['read', 'delete'] as const)('are none for a %s', async (operation) => {
    const sources = sourcesOf({}, { issuer: 'https://as.example' })
    const { values, server } = await look(
      evidenceOf(SECTOR, { jwks_uri: 'https://keys.example/a' }, operation),
      sources,
    )
    expect(sources.asked).toEqual([])
    expect({ values, server }).toEqual({ values: {}, server: { issuer: 'https://as.example' } })
  })

  it('are never made for a statement that nobody verified', async () => {
    const forged = { ...evidenceOf(SECTOR), statement: { claims: { jwks_uri: 'https://keys.example/a' } } }
    const sources = sourcesOf({ sector: [], keys: [] })
    await expect(look(forged as unknown as LookupEvidence, sources)).rejects.toThrow('not a proof of statement')
    expect(sources.asked).toEqual([])
  })

  it('cannot be made up: the decision takes no others than those that were made', async () => {
    const evidence = evidenceOf(SECTOR)
    const real = await look(evidence, sourcesOf({ sector: [] }))
    const { failures, server, outcomes } = real
    const lookups = { failures, server, outcomes, values: { sector: SECTOR.redirect_uris } }
    const forged = { ...evidence, lookups } as unknown as Evidence
    expect(() => decide(policy, IDENTITY, LOOK, forged, NOW)).toThrow('not a proof of lookups')
  })
})

describe('a document that cannot be had', () => {
  it('refuses as the policy words it, with no word of ours for the registrant on what the gateway met', async () => {
    const { failures } = await look(evidenceOf(SECTOR), sourcesOf({ sector: failure('unreachable') }))
    expect(failures).toEqual([
      {
        lookup: 'sector',
        finding: {
          reason: 'lookup-failed',
          at: 'sector_identifier_uri',
          clause: '5',
          message: 'the document that sector_identifier_uri leads to could not be fetched, or is not what it must be',
          wanted: 'a JSON array of strings with status 200 and without a redirect, from a host that is accepted here',
          found: 'no answer',
          detail: 'sector from sector.example: unreachable: detail of unreachable',
        },
      },
    ])
  })

  it('looks the same whether its host is unknown, inside or silent: nobody maps the network behind the gateway (SSRF)', async () => {
    const shown = await Promise.all(
      (['unreachable', 'timeout', 'address-forbidden'] as const).map(async (problem) => {
        const { failures } = await look(evidenceOf(SECTOR), sourcesOf({ sector: failure(problem) }))
        return { ...failures[0]?.finding, detail: '' }
      }),
    )
    expect(new Set(shown.map((finding) => JSON.stringify(finding))).size).toBe(1)
  })

  it.each([
    ['status', 404, 'status 404'],
    ['malformed', null, 'another document: detail of malformed'],
    ['too-large', null, 'a document of detail of too-large'],
    ['host-not-allowed', null, 'an address that may not be fetched: detail of host-not-allowed'],
    ['scheme', null, 'an address that may not be fetched: detail of scheme'],
  ] as const)('tells the registrant what he can mend: %s', async (problem, status, found) => {
    const { failures } = await look(evidenceOf(SECTOR), sourcesOf({ sector: failure(problem, status) }))
    expect(failures[0]?.finding.found).toBe(found)
  })

  it('is told together with all else that is wrong, and rules that name it are passed over', async () => {
    const sources = sourcesOf({ sector: failure('status', 404), keys: [{ use: 'sig' }] })
    const given = evidenceOf({ ...SECTOR, jwks_uri: 5 }, { jwks_uri: 'https://keys.example/a' })
    expect(await brokenBy(given, sources)).toEqual(['metadata-member-invalid', 'lookup-failed', 'has-encryption-key'])
  })

  it('is absent where the policy goes on without it, and the audit record says why', async () => {
    const sources = sourcesOf({ taste: failure('timeout') })
    const evidence = evidenceOf({ jwks_uri: 'https://a.example/jwks' })
    const lookups = await look(evidence, sources)
    expect(lookups.outcomes).toEqual([{ lookup: 'taste', host: 'a.example', problem: 'timeout' }])
    const { reported } = decide(policy, IDENTITY, LOOK, { ...evidence, lookups }, NOW)
    expect(reported).toEqual([])
  })

  it('of a rule that names it, though nothing was fetched, refuses (fail closed)', async () => {
    const evidence = evidenceOf(SECTOR)
    const lookups = await look(evidenceOf({}), sourcesOf({}))
    expect(() => decide(policy, IDENTITY, LOOK, { ...evidence, lookups }, NOW)).toThrow('in-sector')
  })
})

describe('trouble that the registrant has no part in', () => {
  const keys = evidenceOf({}, { jwks_uri: 'https://keys.example/a' })

  it('is that we have no place for the fetch, be the host of his choice', async () => {
    expect(await brokenBy(evidenceOf(SECTOR), sourcesOf({ sector: failure('busy') }))).toEqual(['lookup-unavailable'])
    expect(await brokenBy(keys, sourcesOf({ keys: failure('busy') }))).toEqual(['lookup-unavailable'])
  })

  it('is that a host which the policy lists is left alone for a while; one of his choice is answered as if asked', async () => {
    expect(await brokenBy(keys, sourcesOf({ keys: failure('host-rests') }))).toEqual(['lookup-unavailable'])
    const told = async (problem: 'host-rests' | 'unreachable' | 'address-forbidden') => {
      const { failures } = await look(evidenceOf(SECTOR), sourcesOf({ sector: failure(problem) }))
      return failures.map(({ finding }) => ({ ...finding, detail: '' }))
    }
    const rests = await told('host-rests')
    expect(rests).toMatchObject([{ reason: 'lookup-failed', found: 'no answer' }])
    expect([await told('unreachable'), await told('address-forbidden')]).toEqual([rests, rests])
  })

  it.each([
    ['timeout', null],
    ['unreachable', null],
    ['status', 500],
    ['status', 503],
    ['status', 429],
  ] as const)('is that of a host which the policy lists: %s %s', async (problem, status) => {
    expect(await brokenBy(keys, sourcesOf({ keys: failure(problem, status) }))).toEqual(['lookup-unavailable'])
    expect(await brokenBy(evidenceOf(SECTOR), sourcesOf({ sector: failure(problem, status) }))).toEqual([
      'lookup-failed',
    ])
  })

  it.each([
    ['status', 404],
    ['malformed', null],
    ['host-not-allowed', null],
  ] as const)('is not that a listed host has no such document: %s %s', async (problem, status) => {
    const { failures } = await look(keys, sourcesOf({ keys: failure(problem, status) }))
    expect(failures[0]?.finding).toMatchObject({ reason: 'lookup-failed', error: 'invalid_software_statement' })
  })

  it('is answered 503 even when other documents failed by his own fault', async () => {
    const given = evidenceOf(SECTOR, { jwks_uri: 'https://keys.example/a' })
    const sources = sourcesOf({ sector: failure('status', 404), keys: failure('timeout') })
    expect(await brokenBy(given, sources)).toEqual(['lookup-unavailable'])
  })

  it('is none when the gateway itself is at fault: that is no finding at all', async () => {
    await expect(look(evidenceOf(SECTOR), sourcesOf({}))).rejects.toThrow('nobody answers sector')
  })
})
