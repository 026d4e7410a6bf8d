import { nearestName } from './document/nearest-name.ts'
import type { KeyPath } from './document/key-path.ts'
import type { Directory, Policy } from './model/policy.ts'
import type { NoteFault } from './note-fault.ts'
import type { CompiledPolicy } from './policy/compiled-policy.ts'
import { undeclaredClaims } from './policy/compile/compile-directories.ts'
import type { UsableSettings } from './settings/load-settings.ts'
import type { EndpointSettings } from './settings/settings.ts'

type Trusting = Pick<UsableSettings, 'trust'>

/** An endpoint with the policy that decides there. */
export interface BoundEndpoint {
  /** Where it stands in gateway.yaml. */
  readonly at: KeyPath
  readonly endpoint: EndpointSettings
  readonly compiled: CompiledPolicy
  readonly policy: Policy
}

/** Which directories vouch is never guessed: where statements are taken the operator names some, of the policy's or of his own. */
export function chooseDirectories(
  { at, endpoint, compiled, policy }: BoundEndpoint,
  settings: Pick<UsableSettings, 'trust' | 'directories'>,
  note: NoteFault,
): readonly Directory[] {
  // Which of them are missing nobody can say while some are faulty.
  if (settings.directories === null) return []
  const known = new Map(
    [...policy.directories, ...settings.directories].map((directory) => [directory.name, directory]),
  )
  const names = [...known.keys()]
  const modes = Object.values(policy.statement.mode)
  const demands = endpoint.operations.some((operation) => policy.statement.mode[operation] === 'required')
  if (endpoint.directories.length === 0 && demands)
    note([...at, 'directories'], `directories of software statements: ${names.join(', ')}`, 'none', [])
  const chosen = endpoint.directories.flatMap((name, index) => {
    const place = [...at, 'directories', index]
    const directory = known.get(name)
    if (modes.every((mode) => mode === 'forbidden')) {
      note(place, 'no directory, since the policy takes no software statement', name, [])
      return []
    }
    if (directory === undefined)
      note(place, `one of ${names.join(', ') || 'the directories in this file'}`, name, names)
    return directory ?? []
  })
  noteClashes(at, chosen, note)
  for (const [index, directory] of chosen.entries())
    noteUnusable([...at, 'directories', index], directory, compiled, settings, note)
  noteForeignSigners(at, policy, settings, note)
  return chosen
}

/** The issuer of a statement says which directory's keys count: were there two, one of them would vouch for what the other says. */
function noteClashes(at: KeyPath, chosen: readonly Directory[], note: NoteFault): void {
  for (const [index, { name, issuers }] of chosen.entries()) {
    const clash = chosen
      .slice(0, index)
      .find((other) => other.issuers.some((issuer) => issuers.includes(issuer)) || takeAny(other.issuers, issuers))
    if (clash === undefined) continue
    const wanted = `a directory whose issuers are not those of ${clash.name}: iss must tell which of them vouches`
    note([...at, 'directories', index], wanted, name, [])
  }
}

/** Two that take whatever their certificates name. */
function takeAny(one: readonly string[], other: readonly string[]): boolean {
  return one.length === 0 && other.length === 0
}

function noteUnusable(
  at: KeyPath,
  directory: Directory,
  compiled: CompiledPolicy,
  settings: Trusting,
  note: NoteFault,
): void {
  const { keys, claims } = directory
  if (keys.kind === 'chain' && !Object.hasOwn(settings.trust, keys.trust))
    note(
      at,
      missingTrust(settings),
      `trusted issuers ${keys.trust} of ${directory.name}`,
      [],
      hintAt(keys.trust, settings),
    )
  for (const { claim, near } of undeclaredClaims(claims, compiled.claims)) {
    const wanted = `claims that ${compiled.name} declares`
    note(at, wanted, `${claim} of ${directory.name}`, [], near === null ? undefined : `did you mean ${near}?`)
  }
}

/** Whoever may sign requests with a certificate is trusted by the policy under a name that the operator gives a folder. */
function noteForeignSigners(at: KeyPath, { signedRequest }: Policy, settings: Trusting, note: NoteFault): void {
  const keys = signedRequest?.keys
  if (keys?.kind !== 'chain' || Object.hasOwn(settings.trust, keys.trust)) return
  const found = `trusted issuers ${keys.trust} of signed requests`
  note([...at, 'policy'], missingTrust(settings), found, [], hintAt(keys.trust, settings))
}

function missingTrust({ trust }: Trusting): string {
  return `a key of trust: ${Object.keys(trust).join(', ')}`
}

function hintAt(name: string, { trust }: Trusting): string | undefined {
  const near = nearestName(name, Object.keys(trust))
  return near === null ? undefined : `did you mean ${near}?`
}
