import { beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import { checkDates } from '../../src/certificate/path/check-dates.ts'
import { SignatureBudget } from '../../src/certificate/path/signature-budget.ts'
import { checkCrls } from '../../src/certificate/revocation/crl/check-crls.ts'
import { CrlSyntaxError } from '../../src/certificate/revocation/crl/crl-syntax-error.ts'
import { parseCrl } from '../../src/certificate/revocation/crl/parse-crl.ts'
import type { ParsedCrl } from '../../src/certificate/revocation/crl/parsed-crl.ts'
import { linksOfPath } from '../../src/certificate/revocation/links-of-path.ts'
import { buildTrustStore } from '../../src/certificate/trust/trust-store.ts'
import { verifyPresented, type VerifiedPath } from '../../src/certificate/verify-presented.ts'
import { openPkitsData, type PkitsData } from '../support/pkits-data.ts'
import { LEFT_OUT, readPkitsTable, RUNS, TESTS_BY_SECTION, type PkitsRun } from './pkits-table.ts'

/** Everything that ought to be valid is so from 2011 to 2030. */
const NOW = new Date('2026-01-01T00:00:00Z')

const runs = readPkitsTable()
const leftOut = new Map(LEFT_OUT.map(({ test, reason }) => [test, reason]))
let data: PkitsData

// Installing the data may take a while.
beforeAll(() => {
  data = openPkitsData()
}, 300_000)

/** The way a client goes: paths to the anchor over what it presents, RFC 5280, dates, and the status of every certificate. */
function verdictOf({ certificates, crls, inputs }: PkitsRun): string {
  const [anchor = Buffer.alloc(0), ...below] = certificates.map((name) => data.certificate(name))
  const trust = buildTrustStore('PKITS', [parseCertificate(anchor)], [])
  const own = below.at(-1) ?? anchor
  const verdict = verifyPresented(own, below.slice(0, -1), trust, inputs, [])
  if ('refused' in verdict) return verdict.refused.reason
  const verdicts = verdict.paths.map((path) => verdictAtNow(path, below, crls))
  return verdicts.includes('valid') ? 'valid' : (verdicts[0] ?? 'no path')
}

function verdictAtNow(path: VerifiedPath, presented: readonly Buffer[], crls: readonly string[]): string {
  const wrongDates = checkDates(path, NOW)
  if (wrongDates !== null) return wrongDates.reason
  const context = { path, certificates: presented.map(parseCertificate), signatures: new SignatureBudget(64) }
  const lists = crls.flatMap((name) => readable(data.crl(name)))
  const kinds = linksOfPath(path).map((link) => checkCrls(link, lists, context, NOW).kind)
  if (kinds.includes('revoked')) return 'revoked'
  return kinds.includes('unknown') ? 'revocation unknown' : 'valid'
}

/** A list that cannot be read is as good as none: BadCRLSignatureCACRL has a signature of no whole bytes. */
function readable(der: Buffer): ParsedCrl | [] {
  try {
    return parseCrl(der)
  } catch (failure) {
    if (failure instanceof CrlSyntaxError) return []
    throw failure
  }
}

describe('the table of PKITS', () => {
  it('has every test of sections 4.1 to 4.16, with every setting', () => {
    const tests = [...new Set(runs.map(({ test }) => test))]
    const expected = TESTS_BY_SECTION.flatMap((count, section) =>
      Array.from({ length: count }, (_, test) => `4.${section + 1}.${test + 1}`),
    )
    expect(tests).toEqual(expected)
    expect(runs).toHaveLength(RUNS)
  })

  it('leaves out DSA alone', () => {
    expect([...leftOut.keys()]).toEqual(['4.1.4', '4.1.5', '4.1.6'])
  })

  it('holds no run twice', () => {
    expect(new Set(runs.map(({ test, settings }) => `${test} ${settings}`)).size).toBe(RUNS)
  })
})

describe('PKITS', () => {
  it.each(runs.filter(({ test }) => !leftOut.has(test)))('$test $title: $verdict $settings', (run) => {
    expect(verdictOf(run)).toBe(run.verdict)
  })

  it.each(runs.filter(({ test }) => leftOut.has(test)))('$test $title, left out, is refused all the same', (run) => {
    expect(verdictOf(run)).toBe(leftOut.get(run.test))
  })
})
