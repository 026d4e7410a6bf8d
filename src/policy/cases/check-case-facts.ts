import type { KeyPath } from '../../document/key-path.ts'
import { hintAt, nearestName } from '../../document/nearest-name.ts'
import { DistinguishedNameSyntaxError } from '../../distinguished-name/distinguished-name-syntax-error.ts'
import { parseDistinguishedName } from '../../distinguished-name/parse-distinguished-name.ts'
import { bindParameters } from '../bind-parameters.ts'
import { REGISTERED_CLAIMS } from '../../model/registered-claims.ts'
import { findServerProblem, isServerMember, SERVER_METADATA } from '../../model/server-metadata.ts'
import { isTranslation } from '../judge/check-members.ts'
import { findLookupProblem } from '../lookup/lookup-type.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { CaseFacts } from './cases-file-schema.ts'

/** `offset`: of the place within a text, counted from 0. */
export type NoteCaseFault = (path: KeyPath, wanted: string, found: string, hint?: string, offset?: number) => void

/** `given`, or a case; only an approving one expects anything. */
type Facts = CaseFacts & {
  readonly registered?: CaseFacts['metadata']
  readonly expect?: { readonly metadata?: CaseFacts['metadata'] } | undefined
}

/** Holds the facts of a case against what its policy declares; `inherited` are the undeclared names that `given` allows. */
export function checkCaseFacts(
  policy: CompiledPolicy,
  path: KeyPath,
  facts: Facts,
  inherited: readonly string[],
  note: NoteCaseFault,
): void {
  checkUndeclared(policy, path, facts, inherited, note)
  checkCertificate([...path, 'certificate'], facts.certificate, note)
  checkCertificate([...path, 'request', 'certificate'], facts.request?.certificate, note)
  checkParameters(policy, path, facts.parameters, note)
  checkLookups(policy, path, facts.lookups, note)
  checkServer(path, facts.server, note)
}

/** What nobody declared is dropped unseen: a misspelt member would leave its case a test of nothing. */
function checkUndeclared(
  { members, claims, requestClaims }: CompiledPolicy,
  path: KeyPath,
  facts: Facts,
  inherited: readonly string[],
  note: NoteCaseFault,
): void {
  const { undeclared = [], metadata, registered, expect, statement, request } = facts
  const isMember = (name: string): boolean => members.has(name) || isTranslation(name, members)
  const isClaim = (name: string): boolean => claims.has(name) || REGISTERED_CLAIMS.has(name)
  const named = [
    ...foreignNames(['metadata'], metadata, isMember, members),
    ...foreignNames(
      ['expect', 'metadata'],
      expect?.metadata,
      (name) => isMember(name) || Object.hasOwn(metadata ?? {}, name),
      members,
    ),
    ...foreignNames(['registered'], registered, isMember, members),
    ...foreignNames(['statement'], statement, isClaim, claims),
    ...foreignNames(
      ['request', 'claims'],
      request?.claims,
      (name) => requestClaims.has(name) || REGISTERED_CLAIMS.has(name),
      requestClaims,
    ),
  ]
  for (const { at, name, near } of named) {
    if (undeclared.includes(name) || inherited.includes(name)) continue
    const hint = hintAt(near) ?? 'if it is meant, name it under undeclared'
    note([...path, ...at, name], 'a name that the policy declares', name, hint)
  }
  for (const [index, name] of undeclared.entries()) {
    if (named.some((one) => one.name === name)) continue
    note([...path, 'undeclared', index], 'a name used here that the policy does not declare', name)
  }
}

function foreignNames(
  at: KeyPath,
  values: object | null | undefined,
  isDeclared: (name: string) => boolean,
  declared: ReadonlyMap<string, unknown>,
): readonly { readonly at: KeyPath; readonly name: string; readonly near: string | null }[] {
  const foreign = Object.keys(values ?? {}).filter((name) => !isDeclared(name))
  return foreign.map((name) => ({ at, name, near: nearestName(name, [...declared.keys()]) }))
}

function checkCertificate(path: KeyPath, certificate: CaseFacts['certificate'], note: NoteCaseFault): void {
  for (const key of ['subject', 'issuer'] as const) {
    const text = certificate?.[key]
    if (text === undefined) continue
    try {
      parseDistinguishedName(text)
    } catch (failure) {
      if (!(failure instanceof DistinguishedNameSyntaxError)) throw failure
      const wanted = 'a name in RFC 4514 form, such as CN=app.example,O=Example'
      const found = `${JSON.stringify(text.slice(0, 60))}: ${failure.message}`
      note([...path, key], wanted, found, undefined, failure.offset)
    }
  }
}

/** As in every merge patch null takes a value away, and the default is back. */
function checkParameters(
  policy: CompiledPolicy,
  path: KeyPath,
  parameters: CaseFacts['parameters'],
  note: NoteCaseFault,
): void {
  const values = Object.entries(parameters ?? {}).map(
    ([name, value]) => [name, value ?? policy.parameters.get(name)?.default ?? null] as const,
  )
  for (const { parameter, wanted, found, hint } of bindParameters(policy, Object.fromEntries(values)).problems)
    note([...path, 'parameters', parameter], wanted, found, hint)
}

function checkLookups(
  { name: policy, lookups }: CompiledPolicy,
  path: KeyPath,
  values: CaseFacts['lookups'],
  note: NoteCaseFault,
): void {
  const names = lookups.map(({ name }) => name)
  for (const [name, value] of Object.entries(values ?? {})) {
    const type = lookups.find((lookup) => lookup.name === name)?.type
    const at = [...path, 'lookups', name]
    if (type === undefined)
      noteForeign(at, `a look-up of ${policy}: ${names.join(', ') || 'it has none'}`, name, names, note)
    else if (value !== null) noteProblem(at, findLookupProblem(name, value, type), note)
  }
}

function checkServer(path: KeyPath, server: CaseFacts['server'], note: NoteCaseFault): void {
  for (const [name, value] of Object.entries(server ?? {})) {
    const at = [...path, 'server', name]
    if (!isServerMember(name)) noteForeign(at, 'a member that rules can name', name, Object.keys(SERVER_METADATA), note)
    else if (value !== null) noteProblem(at, findServerProblem(name, value), note)
  }
}

function noteForeign(
  path: KeyPath,
  wanted: string,
  found: string,
  names: readonly string[],
  note: NoteCaseFault,
): void {
  const near = nearestName(found, names)
  note(path, wanted, found, hintAt(near))
}

function noteProblem(path: KeyPath, problem: { wanted: string; found: string } | null, note: NoteCaseFault): void {
  if (problem !== null) note(path, problem.wanted, problem.found)
}
