import type { JsonObject } from '../model/json.ts'
import type { Directory } from '../model/policy.ts'
import { refuse } from '../model/refusal.ts'
import { showValue } from '../signature/show-value.ts'
import type { DirectoryKeys } from './directory-keys.ts'

/** A directory that the operator pinned, and how its signatures are verified. */
export interface PinnedDirectory {
  readonly directory: Directory
  readonly keys: DirectoryKeys
}

/**
 * Which of the pinned directories says it issued the statement: `iss` is compared exactly: no other case, no slash at the end (RFC 7519 section
 * 4.1.1). It is not verified yet, and nothing but a refusal may rest on it: whoever names a directory is held to the keys of that one.
 *
 * @throws Refusal `statement-issuer-untrusted`
 */
export function chooseDirectory(claims: JsonObject, pinned: readonly PinnedDirectory[]): PinnedDirectory {
  const { iss } = claims
  const named = pinned.find(({ directory }) => typeof iss === 'string' && directory.issuers.includes(iss))
  // One that lists no issuers takes whatever its certificates name.
  const chosen = named ?? pinned.find(({ directory }) => typeof iss === 'string' && directory.issuers.length === 0)
  if (chosen !== undefined) return chosen
  const issuers = pinned.flatMap(({ directory }) => directory.issuers)
  throw refuse({
    reason: 'statement-issuer-untrusted',
    at: 'software_statement.iss',
    message: 'iss must name the directory that is trusted here',
    wanted: issuers.map(showValue).join(' or ').slice(0, 200) || 'no directory is trusted here',
    found: showValue(iss),
  })
}
