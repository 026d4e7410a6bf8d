import { addExcerpts } from '../../document/add-excerpts.ts'
import { formatPath, type KeyPath } from '../../document/key-path.ts'
import { hintAt, nearestName } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { Reason } from '../../model/reasons.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { checkCaseFacts, type NoteCaseFault } from './check-case-facts.ts'
import type { CasesFile } from './cases-file-schema.ts'
import type { LoadedCases } from './load-cases.ts'

/** What a policy reports besides its rules; the other reasons are those of earlier stages, which no case reaches. */
const JUDGED_REASONS: readonly Reason[] = [
  'metadata-member-invalid',
  'statement-claim-invalid',
  'certificate-class-unknown',
  'client-owner-unknown',
  'request-claim-invalid',
  'rule-failed',
  'lookup-failed',
]

/** Holds what a cases.yaml names against the policy: a misspelt name would let a case pass that tests something else. */
export function checkCases(
  policy: CompiledPolicy,
  { file, text, cases, locate, locateInText }: LoadedCases,
): readonly Fault[] {
  const faults: Fault[] = []
  const note: NoteCaseFault = (path, wanted, found, hint, offset) => {
    const place = offset === undefined ? locate(path) : locateInText(path, offset)
    faults.push({ file, ...place, path: formatPath(path), wanted, found, ...(hint === undefined ? {} : { hint }) })
  }
  const { given, approve, reject } = cases
  checkCaseFacts(policy, ['given'], given, [], note)
  for (const { path, test } of everyCase(cases)) checkCaseFacts(policy, path, test, given.undeclared ?? [], note)
  checkNames(cases, note)
  for (const [index, { expect }] of approve.entries())
    checkOnce(policy, ['approve', index, 'expect', 'once'], Object.keys(expect?.once ?? {}), note)
  for (const [index, { rules }] of reject.entries()) checkRules(policy, ['reject', index, 'rules'], rules, note)
  return addExcerpts(faults, file, text)
}

type Case = CasesFile['approve'][number] | CasesFile['reject'][number]

function everyCase({ approve, reject }: CasesFile): readonly { readonly path: KeyPath; readonly test: Case }[] {
  return [
    ...approve.map((test, index) => ({ path: ['approve', index], test })),
    ...reject.map((test, index) => ({ path: ['reject', index], test })),
  ]
}

/** A failure names its case: two of one name would send the reader to the wrong one. */
function checkNames(cases: CasesFile, note: NoteCaseFault): void {
  const places = new Map<string, string>()
  for (const { path, test } of everyCase(cases)) {
    const earlier = places.get(test.name)
    if (earlier !== undefined) note([...path, 'name'], 'a name of its own', `that of ${earlier} again`)
    else places.set(test.name, formatPath(path))
  }
}

function checkRules(policy: CompiledPolicy, path: KeyPath, rules: readonly string[], note: NoteCaseFault): void {
  const ids = [...policy.rules, ...policy.once, ...(policy.scopes === null ? [] : [policy.scopes])].map(({ id }) => id)
  const legal = [...ids, ...JUDGED_REASONS]
  for (const [index, rule] of rules.entries()) {
    if (legal.includes(rule)) continue
    const near = nearestName(rule, legal)
    const wanted = `the id of a rule of ${policy.name} or of those it extends, or ${JUDGED_REASONS.join(', ')}`
    note([...path, index], wanted, rule, hintAt(near))
  }
}

/** An id of nothing would be expected to hold nothing, and hold nothing. */
function checkOnce({ once, name }: CompiledPolicy, path: KeyPath, ids: readonly string[], note: NoteCaseFault): void {
  const legal = once.map(({ id }) => id)
  for (const id of ids.filter((one) => !legal.includes(one))) {
    const near = nearestName(id, legal)
    const wanted = `the id of an entry of once of ${name} or of those it extends`
    note([...path, id], wanted, id, hintAt(near))
  }
}
