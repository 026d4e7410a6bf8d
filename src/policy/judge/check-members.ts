import { escapeControls } from '../../document/escape-controls.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
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
  const members: Record<string, Json> = {}
  const translations: Record<string, string> = {}
  const illTyped = new Set<string>()
  const findings: Finding[] = []
  for (const [name, value] of Object.entries(sent)) {
    if (value === null) continue
    const type = types.get(name)
    if (type !== undefined) {
      const [undeclared] = refusesUnknown ? findUndeclared(name, value, type) : []
      const finding =
        typeFinding('metadata-member-invalid', name, value, type) ??
        (undeclared === undefined ? null : unknownMember(undeclared.at))
      if (finding === null) members[name] = keepDeclared(value, type)
      else {
        findings.push(finding)
        illTyped.add(name)
      }
    } else if (isTranslation(name, types) && typeof value === 'string') translations[name] = value
    else if (refusesUnknown) findings.push(unknownMember(name))
  }
  return { members, translations, illTyped, findings }
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

/** The first list that is longer than rules can be asked to look at, or null. */
export function findLongList(at: string, value: Json): MemberProblem | null {
  if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const long = findLongList(`${at}.${name}`, inner)
      if (long !== null) return long
    }
  }
  if (!Array.isArray(value)) return null
  if (value.length > LIST_LIMIT) return { at, wanted: `at most ${LIST_LIMIT} elements`, found: `${value.length}` }
  for (const [index, inner] of (value as readonly Json[]).entries()) {
    const long = findLongList(`${at}[${index}]`, inner)
    if (long !== null) return long
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
