import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reason } from '../../src/model/reasons.ts'
import type { PathInputs } from '../../src/certificate/path/path-inputs.ts'

/** One test of the document with one of its settings. */
export interface PkitsRun {
  /** Section of the document, such as `4.8.1`. */
  readonly test: string
  readonly title: string
  /** As the table has them. */
  readonly settings: string
  readonly inputs: PathInputs
  /** `valid`, a reason of the closed table, `revoked` or `revocation unknown`. */
  readonly verdict: string
  /** Names of files; the client's own comes last, as in the document. */
  readonly certificates: readonly string[]
  readonly crls: readonly string[]
}

/** Tests that say nothing of the gateway because of what it is: why, and what becomes of them. */
export const LEFT_OUT: readonly { readonly test: string; readonly why: string; readonly reason: Reason }[] = [
  { test: '4.1.4', why: 'DSA is not accepted', reason: 'client-certificate-weak-key' },
  { test: '4.1.5', why: 'DSA is not accepted, so no parameters are inherited', reason: 'client-certificate-weak-key' },
  {
    test: '4.1.6',
    why: 'DSA is not accepted, so its signature, of no whole bytes, is not the only thing wrong',
    reason: 'client-certificate-malformed',
  },
]

/** Tests by section 4.n of the document. */
export const TESTS_BY_SECTION = [6, 8, 11, 21, 8, 17, 5, 20, 8, 14, 11, 10, 38, 35, 10, 2] as const

/** All settings of all tests together. */
export const RUNS = 249

const ANCHOR = 'TrustAnchorRootCertificate'
const ANCHOR_CRL = 'TrustAnchorRootCRL'
/** NIST-test-policy-1 is the first below. */
const TEST_POLICIES = '2.16.840.1.101.3.2.1.48'

export function readPkitsTable(): readonly PkitsRun[] {
  const lines = readFileSync(join(import.meta.dirname, 'pkits-tests.txt'), 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseLine)
}

function parseLine(line: string): PkitsRun {
  const [test, title, settings, verdict, certificates, crls, ...others] = line.split('|').map((part) => part.trim())
  if (!test || !title || settings === undefined || !verdict || !certificates || crls === undefined || others.length > 0)
    throw new Error(`a line with other than six columns: ${line}`)
  return {
    test,
    title,
    settings,
    inputs: parseSettings(settings),
    verdict,
    certificates: [ANCHOR, ...certificates.split(' ')],
    crls: [ANCHOR_CRL, ...crls.split(' ').filter((name) => name !== '')],
  }
}

function parseSettings(settings: string): PathInputs {
  const words = settings.split(' ').filter((word) => word !== '')
  const known = words.filter((word) => /^(?:policies=\d(?:,\d)*|explicit|no-mapping|no-any-policy)$/.test(word))
  if (known.length < words.length) throw new Error(`unknown settings: ${settings}`)
  const policies = words.find((word) => word.startsWith('policies='))?.slice('policies='.length)
  return {
    initialPolicySet: policies?.split(',').map((number) => `${TEST_POLICIES}.${number}`) ?? null,
    explicitPolicyRequired: words.includes('explicit'),
    policyMappingInhibited: words.includes('no-mapping'),
    anyPolicyInhibited: words.includes('no-any-policy'),
  }
}
