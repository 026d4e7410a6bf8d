import type { ApprovedRegistration } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import { onceKey } from './used-once.ts'
import { digestOf } from '../sealing/digest.ts'
import { ownerDigest } from '../sealing/owner-digest.ts'
import { writeDistinguishedName } from '../distinguished-name/write-distinguished-name.ts'
import { MAX_NAMES, type RegistrationRecord } from './registration-record.ts'

/** What is asked of the registry by one attempt to register. */
export interface Attempt {
  /** Name of the record that it needs for itself. */
  readonly name: string
  readonly record: RegistrationRecord
}

export interface AttemptSetting {
  /** Path of the registration endpoint of the identity server, whose clients this one is to join. */
  readonly realm: string
  /** Name of the endpoint, for people. */
  readonly endpoint: string
  readonly single: boolean
}

/**
 * Which record a registration needs. A policy that names software has one record for it at each registration endpoint of the identity
 * server, whatever gateway endpoint it comes through; the directory keeps parties of different directories apart, so that nobody locks
 * another out by having its ids vouched for elsewhere. One that names none gives each registration a record of its own.
 */
export function buildAttempt(
  approved: ApprovedRegistration,
  decisionId: string,
  nowMs: number,
  setting: AttemptSetting,
): Attempt {
  const { clientKey, evidence, policy } = approved
  const { client } = evidence
  const owner = ownerDigest(client, approved.owner)
  const request = requestDigest(approved)
  const isSingle = clientKey !== null && setting.single
  // Copies of an app may have nothing to tell them apart; none may keep the others out.
  const apart = isSingle ? null : clientKey === null || owner === null ? decisionId : digestOf(owner, request)
  const name = digestOf('registration', setting.realm, clientKey, voucherOf(approved, owner), apart)
  const whose =
    client === null
      ? { subject: null, thumbprint: null }
      : {
          subject: writeDistinguishedName(client.certificate.subject).slice(0, 1000),
          thumbprint: client.certificate.thumbprint,
        }
  const record: RegistrationRecord = {
    ...{ id: decisionId, state: 'reserved', attempt: decisionId, endpoint: setting.endpoint, realm: setting.realm },
    ...{
      policy: { ...policy },
      clientKey,
      isSingle,
      owner,
      ...whose,
      request,
      once: approved.once.map(onceKey).slice(0, MAX_NAMES),
    },
    ...{
      clientId: null,
      sinceMs: nowMs,
      lookedForMs: null,
      dueMs: null,
      keptUntilMs: null,
      kept: null,
      replaced: null,
      given: 0,
      doubtful: [],
    },
  }
  return { name, record }
}

/**
 * Who says that the client key is this party's: a directory, or else the certificate with its issuers. What two of them call by one name is
 * not the same software, and none may keep another's out.
 */
function voucherOf({ evidence: { statement } }: ApprovedRegistration, owner: string | null): string | null {
  return statement === null ? owner : digestOf('directory', statement.directory)
}

/** Statement and effective metadata: what makes a second attempt the same as the first. */
function requestDigest({ evidence, metadata }: ApprovedRegistration): string {
  return digestOf(evidence.statement?.sha256 ?? null, JSON.stringify(inOrder(metadata)))
}

/** JSON objects are unordered (RFC 8259 section 1): another order of members is the same request. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, inOrder(member)]))
}
