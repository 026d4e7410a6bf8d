import { escapeControls } from '../../document/escape-controls.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Reason } from '../../model/reasons.ts'
import type { Finding } from '../../model/refusal.ts'
import { describeJsonKind, describeJsonType } from './describe-json-type.ts'
import { findUndeclared, keepDeclared } from '../keep-declared.ts'
import { findTypeMismatch, type MemberType, type TypeMismatch } from '../member-type.ts'

export interface CheckedMembers {
  /** Members that are declared and have their type. */
  readonly members: JsonObject
  /** Language-tagged forms of human-readable members (RFC 7591 section 2.2), such as `client_name#pt-BR`. */
  readonly translations: Readonly<Record<string, string>>
  /** Names of members with another type than declared: rules that name them are not judged, the finding says enough. */
  readonly illTyped: ReadonlySet<string>
  readonly findings: readonly Finding[]
}

/** Below a map the path holds names that the registrant chose. */
const PATH_LIMIT = 200
const TRANSLATABLE = new Set(['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri'])
const LANGUAGE_TAG = /^[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/

/**
 * Sorts the members of a request by what the policy declares. `null` counts as left out (RFC 7592 section 2.2). Undeclared members are
 * dropped, or are findings where the policy refuses them. Translations are left to rules over `translations`, and go with their members
 * where an effect settles these.
 */
export function checkMembers(
  sent: JsonObject,
  types: ReadonlyMap<string, MemberType>,
  refusesUnknown: boolean,
): CheckedMembers {
  const leftOut = new Set<string>()
  const reduced = new Map<string, Json>()
  const translations: Record<string, string> = {}
  const illTyped = new Set<string>()
  const findings: Finding[] = []
  for (const name of Object.keys(sent)) {
    const value = sent[name] ?? null
    const type = value === null ? undefined : types.get(name)
    if (value !== null && type !== undefined) {
      const finding = memberFinding(name, value, type, refusesUnknown)
      if (finding === null) {
        const kept = keepDeclared(value, type)
        if (kept !== value) reduced.set(name, kept)
        continue
      }
      findings.push(finding)
      illTyped.add(name)
    } else if (isTranslation(name, types) && typeof value === 'string') translations[name] = value
    else if (refusesUnknown && value !== null) findings.push(unknownMember(name))
    leftOut.add(name)
  }
  return { members: without(sent, leftOut, reduced), translations, illTyped, findings }
}

/** The very object where everything stays, as it mostly does: a copy costs more than all that is looked for here. */
function without(sent: JsonObject, leftOut: ReadonlySet<string>, reduced: ReadonlyMap<string, Json>): JsonObject {
  if (leftOut.size === 0 && reduced.size === 0) return sent
  const kept = Object.entries(sent).filter(([name]) => !leftOut.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, reduced.get(name) ?? value]))
}

function memberFinding(name: string, value: Json, type: MemberType, refusesUnknown: boolean): Finding | null {
  const finding = typeFinding('metadata-member-invalid', name, value, type)
  const [undeclared] = finding === null && refusesUnknown ? findUndeclared(name, value, type) : []
  return undeclared === undefined ? finding : unknownMember(undeclared.at)
}

/** Whose claims: of the verified statement, or of the verified request. */
export type ClaimsOwner = 'software_statement' | 'request'

const CLAIM_REASONS = {
  software_statement: 'statement-claim-invalid',
  request: 'request-claim-invalid',
} as const satisfies Record<ClaimsOwner, Reason>

/** Claims that do not have their declared type; claims that nobody declared stay invisible to rules. */
export function checkClaims(
  claims: JsonObject,
  types: ReadonlyMap<string, MemberType>,
  owner: ClaimsOwner = 'software_statement',
): Pick<CheckedMembers, 'members' | 'illTyped' | 'findings'> {
  const members: Record<string, Json> = {}
  const illTyped = new Set<string>()
  const findings: Finding[] = []
  for (const [name, type] of types) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (value === undefined || value === null) continue
    const finding = typeFinding(CLAIM_REASONS[owner], name, value, type)
    if (finding === null) members[name] = value
    else {
      findings.push({ ...finding, at: `${owner}.${finding.at}` })
      illTyped.add(name)
    }
  }
  return { members, illTyped, findings }
}

function typeFinding(reason: Reason, name: string, value: Json, type: MemberType): Finding | null {
  const problem = findJsonMismatch(name, value, type) ?? findLongList(name, value)
  if (problem === null) return null
  const { at, wanted, found } = problem
  const message = `${name} does not have the type or size that this server takes`
  return {
    reason,
    at: escapeControls(at).slice(0, PATH_LIMIT),
    message,
    wanted,
    found,
    ...(name === 'redirect_uris' ? { error: 'invalid_redirect_uri' as const } : {}),
  }
}

type MemberProblem = Pick<TypeMismatch, 'at' | 'wanted' | 'found'>

/** In words of JSON: whoever sends it need not know the types of policy files. */
export function findJsonMismatch(name: string, value: Json, type: MemberType): MemberProblem | null {
  const mismatch = findTypeMismatch(name, value, type)
  if (mismatch === null) return null
  return { at: mismatch.at, wanted: describeJsonType(mismatch.type), found: describeJsonKind(mismatch.found) }
}

/**
 * Rules may hold every element of a list against every element of another: the square of this many is what one request may cost, and
 * the whole gateway waits for it (denial of service by a long list).
 */
const LIST_LIMIT = 100

/** The first list that is longer than rules can be asked to look at, or null. Paths are written only where they are needed. */
export function findLongList(at: string, value: Json): MemberProblem | null {
  if (typeof value !== 'object' || value === null) return null
  if (!Array.isArray(value)) return findLongListInMap(at, value as JsonObject)
  if (value.length > LIST_LIMIT) return { at, wanted: `at most ${LIST_LIMIT} elements`, found: `${value.length}` }
  let index = 0
  for (const item of value as readonly Json[]) {
    const long = findLongList('', item)
    if (long !== null) return { ...long, at: `${at}[${index}]${long.at}` }
    index += 1
  }
  return null
}

function findLongListInMap(at: string, map: JsonObject): MemberProblem | null {
  for (const [name, item] of Object.entries(map)) {
    const long = findLongList('', item)
    if (long !== null) return { ...long, at: `${at}.${name}${long.at}` }
  }
  return null
}

function unknownMember(name: string): Finding {
  const shown = escapeControls(name).slice(0, 100)
  return {
    reason: 'metadata-member-invalid',
    at: shown,
    message: 'a member that this server does not register',
    wanted: 'members that the policy declares',
    found: shown,
  }
}

/** A language-tagged form of a declared member that people read. */
export function isTranslation(name: string, types: ReadonlyMap<string, MemberType>): boolean {
  const base = baseOfTranslation(name)
  return TRANSLATABLE.has(base) && types.has(base) && LANGUAGE_TAG.test(name.slice(base.length + 1))
}

/** The member that `client_name#pt-BR` is a form of; empty for a name that has no tag. */
export function baseOfTranslation(name: string): string {
  return name.slice(0, Math.max(name.indexOf('#'), 0))
}
