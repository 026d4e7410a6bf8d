import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { Directory, KeySource } from '../../model/policy.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'
import { faultAt, mergedEntries } from './resolve-inheritance.ts'

type Section = NonNullable<NonNullable<PolicyFileContent['softwareStatement']>['directories']>[string]

/** The directories that a policy and those it extends publish, entry by entry; a claim named for one must be declared for all. */
export function compileDirectories(
  chain: readonly PolicyFile[],
  claims: ReadonlyMap<string, unknown>,
  faults: Fault[],
): readonly Directory[] {
  const entries = mergedEntries(
    chain,
    ['softwareStatement', 'directories'],
    (content) => content.softwareStatement?.directories,
  )
  return [...entries].map(([name, sourced]) => {
    const { source, path, value } = sourced
    for (const { claim, near } of undeclaredClaims(value.claims ?? {}, claims)) {
      const fault = faultAt(
        source,
        [...path, 'claims', claim],
        'a claim declared under softwareStatement.claims',
        claim,
      )
      faults.push(withNearest(fault, near))
    }
    return { name, issuers: value.issuers ?? [], keys: keysOf(sourced), claims: value.claims ?? {} }
  })
}

/** Names that a directory gives to claims which nobody declared, and the nearest that somebody did. */
export function undeclaredClaims(
  paths: Readonly<Record<string, string>>,
  claims: ReadonlyMap<string, unknown>,
): readonly { readonly claim: string; readonly near: string | null }[] {
  const undeclared = Object.keys(paths).filter((claim) => !claims.has(claim))
  return undeclared.map((claim) => ({ claim, near: nearestName(claim, [...claims.keys()]) }))
}

/** A file that could not be had is a fault already, and no policy with a fault is used. */
function keysOf({ source, value: { jwksUri, jwksFile, x5c } }: Sourced<Section>): KeySource {
  if (x5c !== undefined) return { kind: 'chain', trust: x5c.trustedIssuers }
  if (jwksFile !== undefined) return { kind: 'file', file: jwksFile, jwks: source.keyFiles.get(jwksFile) ?? '' }
  return { kind: 'address', uri: jwksUri ?? '', ca: null }
}
