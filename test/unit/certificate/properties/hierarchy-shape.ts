import fc from 'fast-check'
import type { Digest, KeyKind } from '../../../support/signing-keys.ts'
import { PERMITTING, type PermittingConstraint } from './name-constraint-cases.ts'

export interface KeyShape {
  readonly kind: KeyKind
  readonly digest: Digest
  readonly pss: boolean
}

/** One authority, the root or an intermediate. */
export interface AuthorityShape {
  readonly key: KeyShape
  /** How many more intermediates it allows than there are; null for any number. */
  readonly slack: number | null
  readonly purposes: 'absent' | 'client' | 'both'
  readonly keyUsage: 'absent' | 'sign' | 'all'
  /** Held in the trust folder; for intermediates. */
  readonly held: boolean
  /** Constraints that the client's names keep to. */
  readonly constraints: readonly PermittingConstraint[]
  readonly anyPolicy: boolean
  /** It changed its key, and issued the new one to itself. */
  readonly rollover: boolean
  /** Somebody else's key under its name is among what the client presents. */
  readonly decoy: boolean
  readonly flipsCritical: boolean
  readonly extras: boolean
}

export interface ClientShape {
  readonly key: KeyShape
  readonly bothPurposes: boolean
  readonly keyUsage: boolean
  readonly basicConstraints: boolean
  readonly emptySubject: boolean
  readonly names: { readonly dns: boolean; readonly email: boolean; readonly uri: boolean; readonly ip: boolean }
  readonly flipsCritical: boolean
}

export interface PolicyShape {
  /** From which intermediate on a policy is demanded; counted from the root's issuance, and null for none. */
  readonly explicitAt: number
  /** Which intermediate maps the policy to another one; beyond the depth for none. */
  readonly mappedAt: number
}

/** A valid hierarchy in a few words, so that fast-check can print and shrink it. */
export interface HierarchyShape {
  readonly root: AuthorityShape
  /** The one below the root first; up to four. */
  readonly intermediates: readonly AuthorityShape[]
  readonly client: ClientShape
  readonly policies: PolicyShape | null
  /** Another authority issued a second certificate for this intermediate; counted as above. */
  readonly crossSignedAt: number | null
  readonly crossSignerTrusted: boolean
  /** Anchors of the root's name with other keys. */
  readonly twins: number
  /** Whether certificates name keys by identifiers. */
  readonly identifiers: boolean
  /** Whether issuers are spelt otherwise than they spell themselves: letter case, spaces, string types. */
  readonly respelt: boolean
  readonly junk: readonly JunkShape[]
  /** What the presented certificates are ordered by. */
  readonly order: readonly number[]
}

/** What has nothing to do with the path. */
export type JunkShape = 'stranger' | 'strange client' | 'own again' | 'root' | 'random bytes' | 'empty'

/** P-256 and Ed25519 most of the time, since the others take ten times as long or more. */
const kinds = fc.oneof(
  { weight: 16, arbitrary: fc.constant<KeyKind>('p256') },
  { weight: 8, arbitrary: fc.constant<KeyKind>('ed25519') },
  { weight: 4, arbitrary: fc.constant<KeyKind>('rsa') },
  { weight: 1, arbitrary: fc.constantFrom<KeyKind>('rsa-pss', 'p384', 'p521') },
)

const keys: fc.Arbitrary<KeyShape> = fc.record({
  kind: kinds,
  digest: fc.constantFrom<Digest>('sha256', 'sha384', 'sha512'),
  pss: fc.boolean(),
})

/** True once in `times`. */
const seldom = (times: number): fc.Arbitrary<boolean> => fc.nat(times - 1).map((drawn) => drawn === times - 1)

const authorities: fc.Arbitrary<AuthorityShape> = fc.record({
  key: keys,
  slack: fc.option(fc.nat(2)),
  purposes: fc.constantFrom<AuthorityShape['purposes']>('absent', 'client', 'both'),
  keyUsage: fc.constantFrom<AuthorityShape['keyUsage']>('sign', 'all', 'absent'),
  held: fc.boolean(),
  constraints: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([...PERMITTING], { maxLength: 4 }) },
  ),
  anyPolicy: seldom(3),
  rollover: seldom(6),
  decoy: seldom(6),
  flipsCritical: fc.boolean(),
  extras: fc.boolean(),
})

const clients: fc.Arbitrary<ClientShape> = fc.record({
  key: keys,
  bothPurposes: fc.boolean(),
  keyUsage: fc.boolean(),
  basicConstraints: fc.boolean(),
  emptySubject: seldom(8),
  names: fc.record({ dns: fc.boolean(), email: fc.boolean(), uri: fc.boolean(), ip: fc.boolean() }),
  flipsCritical: fc.boolean(),
})

export const hierarchyShapes: fc.Arbitrary<HierarchyShape> = fc.record({
  root: authorities,
  intermediates: fc.array(authorities, { maxLength: 4, size: 'max' }),
  client: clients,
  policies: fc.option(fc.record({ explicitAt: fc.nat(5), mappedAt: fc.nat(6) }), { freq: 2 }),
  crossSignedAt: fc.option(fc.nat(3), { freq: 2 }),
  crossSignerTrusted: fc.boolean(),
  twins: fc.constantFrom(0, 0, 1, 2),
  identifiers: fc.boolean(),
  respelt: seldom(3),
  junk: fc.array(
    fc.constantFrom<JunkShape>('stranger', 'strange client', 'own again', 'root', 'random bytes', 'empty'),
    { maxLength: 3 },
  ),
  order: fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 }),
})
