import { pemOf } from './mint-certificates.ts'
import { writeCertificate, type CertificateSpec } from './write-certificate.ts'

/** Where a certificate is found: the client's own, among what else it sends, or in the trust folder. */
export type Place = 'client' | 'presented' | 'held' | 'anchor'

export interface PlannedCertificate {
  /** For people who read a failure. */
  readonly role: string
  readonly place: Place
  /** By name; its own key may have signed it or another one of the same authority. */
  readonly selfIssued: boolean
  readonly spec: CertificateSpec
  /** What happens to the bytes once they are signed. */
  readonly damage?: (der: Buffer) => Buffer
}

/** A whole hierarchy before it is minted, so that anything in it can be changed. */
export interface HierarchyPlan {
  readonly certificates: readonly PlannedCertificate[]
  /** Every path that is valid, as positions in `certificates`: the client's first, the anchor last. */
  readonly paths: readonly (readonly number[])[]
  /** Whether names alone leave more than one way up. */
  readonly ambiguous: boolean
  /** Bytes that are no certificate and that the client sends along. */
  readonly garbage: readonly Buffer[]
  /** What presented ones are sorted by, garbage last in the list. */
  readonly order: readonly number[]
}

export interface MintedHierarchy {
  readonly own: Buffer
  readonly others: readonly Buffer[]
  readonly held: readonly Buffer[]
  readonly anchors: readonly Buffer[]
  /** The valid paths in DER. */
  readonly paths: readonly (readonly Buffer[])[]
  /** Everything as PEM with its role, for reproducing a failure. */
  readonly describe: () => string
}

/** Mints what was planned; certificates that two plans share are minted once. */
export function mintHierarchy({ certificates, paths, garbage, order }: HierarchyPlan): MintedHierarchy {
  const minted = certificates.map(mintPlanned)
  const at = (wanted: Place): readonly Buffer[] => minted.filter((_, index) => certificates[index]?.place === wanted)
  const [own = Buffer.alloc(0)] = at('client')
  return {
    own,
    others: sortBy(order, [...at('presented'), ...garbage]),
    held: at('held'),
    anchors: at('anchor'),
    paths: paths.map((path) => path.flatMap((index) => minted[index] ?? [])),
    describe: () =>
      certificates
        .map(({ role, place }, index) => `${role} (${place})\n${pemOf(minted[index] ?? Buffer.alloc(0))}`)
        .join(''),
  }
}

function sortBy(order: readonly number[], items: readonly Buffer[]): readonly Buffer[] {
  const keyed = items.map((item, index) => ({ item, key: order[index] ?? 0 }))
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item)
}

const written = new WeakMap<CertificateSpec, Buffer>()

function mintPlanned({ spec, damage }: PlannedCertificate): Buffer {
  const bytes = written.get(spec) ?? writeCertificate(spec)
  written.set(spec, bytes)
  return damage === undefined ? bytes : damage(Buffer.from(bytes))
}
