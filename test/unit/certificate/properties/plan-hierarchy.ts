import type { HierarchyPlan, PlannedCertificate } from '../../../support/mint-hierarchy.ts'
import type { Attribute, Subject } from '../../../support/mint-subject.ts'
import type { SigningKey } from '../../../support/signing-keys.ts'
import type { CertificateSpec } from '../../../support/write-certificate.ts'
import { AmbiguityBudget } from './ambiguity-budget.ts'
import {
  authorityExtensions,
  authorityFlipped,
  clientExtensions,
  clientFlipped,
  NOTED,
} from './extensions-of-shapes.ts'
import type { AuthorityShape, HierarchyShape, JunkShape, KeyShape } from './hierarchy-shape.ts'
import { KeyRing } from './key-ring.ts'
import { clientHost, organisation } from './name-constraint-cases.ts'

/** When every certificate of a plan is valid. */
export const NOW = new Date('2026-11-23T12:00:00Z')
const NOT_BEFORE = new Date('2026-01-01T00:00:00Z')
const NOT_AFTER = new Date('2055-01-01T00:00:00Z')

/** One key of one authority, as far down as the plan has come. */
interface Issuer {
  readonly name: Subject
  readonly key: SigningKey
  readonly shape: KeyShape
}

/** Lays out the hierarchy of a shape; `word` is in all of its names, so that hierarchies can be kept apart. */
export function planHierarchy(shape: HierarchyShape, word: string): HierarchyPlan {
  return new Planner(shape, word).plan()
}

class Planner {
  readonly #shape: HierarchyShape
  readonly #word: string
  readonly #keys = new KeyRing()
  readonly #budget = new AmbiguityBudget()
  readonly #certificates: PlannedCertificate[] = []
  /** The path as it grows, the anchor first. */
  readonly #path: number[] = []
  /** The same from the other authority that signed one of its intermediates. */
  #crossPath: number[] | null = null
  #serial = 0

  constructor(shape: HierarchyShape, word: string) {
    this.#shape = shape
    this.#word = word
  }

  plan(): HierarchyPlan {
    const root = this.#named('Root', this.#shape.root.key)
    let issuer = this.#authority(root, root, this.#shape.root, 0)
    for (const [index, authority] of this.#shape.intermediates.entries()) {
      const below = this.#named(`Level ${String(index + 1)}`, authority.key)
      issuer = this.#authority(below, issuer, authority, index + 1)
    }
    this.#client(issuer)
    this.#twins(root)
    const garbage = this.#shape.junk.flatMap((junk) => this.#junk(junk))
    const paths = [this.#path, ...(this.#crossPath === null ? [] : [this.#crossPath])]
    const ambiguous = this.#budget.isUsed || this.#shape.junk.includes('root')
    return {
      certificates: this.#certificates,
      paths: paths.map((path) => path.toReversed()),
      ...{ ambiguous, garbage, order: this.#shape.order },
    }
  }

  /** One authority with everything about it; gives what it issues with. */
  #authority(own: Issuer, issuer: Issuer, shape: AuthorityShape, level: number): Issuer {
    const place = level === 0 ? 'anchor' : shape.held ? 'held' : 'presented'
    const extensions = authorityExtensions(this.#shape, shape, level, this.#word)
    const details = { extensions, flipped: authorityFlipped(shape), ...(shape.extras ? NOTED : {}) }
    this.#climb(this.#add(level === 0 ? 'root' : `intermediate ${String(level)}`, place, own, issuer, details))
    if (level > 0) this.#crossSign(own, level, details)
    if (level > 0 && shape.decoy && this.#budget.take(2)) {
      const impostor = { ...issuer, key: this.#keys.next(shape.key.kind), shape: shape.key }
      this.#add(`decoy of intermediate ${String(level)}`, 'presented', { ...own, key: impostor.key }, impostor, details)
    }
    if (!shape.rollover || !this.#budget.takeRollover()) return own
    const renewed = { ...own, key: this.#keys.next(shape.key.kind) }
    const renewedExtensions = authorityExtensions(this.#shape, { ...shape, constraints: [] }, level, this.#word, true)
    const role = `new key of level ${String(level)}`
    this.#climb(
      this.#add(role, shape.held ? 'held' : 'presented', renewed, own, { ...details, extensions: renewedExtensions }),
    )
    return renewed
  }

  #crossSign(own: Issuer, level: number, details: Pick<CertificateSpec, 'extensions'>): void {
    const { crossSignedAt, crossSignerTrusted } = this.#shape
    if (crossSignedAt !== level - 1 || !this.#budget.take(2)) return
    const other = this.#named('Other Root', { kind: 'p256', digest: 'sha256', pss: false })
    const plain = { extensions: { basicConstraints: { ca: true } } }
    const anchor = this.#add('other root', crossSignerTrusted ? 'anchor' : 'presented', other, other, plain)
    const crossed = this.#add(`intermediate ${String(level)} by the other root`, 'presented', own, other, details)
    if (crossSignerTrusted) this.#crossPath = [anchor, crossed]
  }

  #client(issuer: Issuer): void {
    const { client } = this.#shape
    const named = this.#named(clientHost(this.#word), client.key)
    const subject = client.emptySubject ? [] : named.name
    const details = { extensions: clientExtensions(this.#shape, this.#word), flipped: clientFlipped(client) }
    this.#climb(this.#add('client', 'client', { ...named, name: subject }, issuer, details))
  }

  #twins(root: Issuer): void {
    const wanted = this.#budget.take(1 + this.#shape.twins) ? this.#shape.twins : 0
    for (let count = 0; count < wanted; count += 1) {
      const twin = { ...root, key: this.#keys.next(root.key.kind) }
      this.#add('namesake of the root', 'anchor', twin, twin, { extensions: { basicConstraints: { ca: true } } })
    }
  }

  #junk(junk: JunkShape): Buffer | [] {
    if (junk === 'random bytes') return Buffer.from('3003020101ff00', 'hex')
    if (junk === 'empty') return Buffer.alloc(0)
    if (junk === 'own again' || junk === 'root') {
      const original = this.#certificates[(junk === 'root' ? this.#path[0] : this.#path.at(-1)) ?? 0]
      if (original !== undefined) this.#certificates.push({ ...original, role: junk, place: 'presented' })
      return []
    }
    const stranger = this.#named('Stranger', { kind: 'p256', digest: 'sha256', pss: false })
    const ca = junk === 'stranger'
    const own = ca ? stranger : this.#named('strange client', stranger.shape)
    this.#add(junk, 'presented', own, stranger, { extensions: { basicConstraints: { ca } } })
    return []
  }

  #named(common: string, shape: KeyShape): Issuer {
    const name: Subject = [
      ['O', organisation(this.#word)],
      ['CN', common],
    ]
    return { name, key: this.#keys.next(shape.kind), shape }
  }

  #climb(position: number): void {
    this.#path.push(position)
    // The other path goes the same way from the intermediate that two issuers signed.
    if (this.#crossPath !== null && !this.#crossPath.includes(position)) this.#crossPath.push(position)
  }

  /** Gives its position. */
  #add(
    role: string,
    place: PlannedCertificate['place'],
    own: Issuer,
    issuer: Issuer,
    details: Pick<CertificateSpec, 'extensions'> & Partial<CertificateSpec>,
  ): number {
    this.#serial += 1
    const selfIssued = own.name === issuer.name
    const identified = this.#shape.identifiers
      ? { subjectKeyId: own.key.keyId, ...(own === issuer ? {} : { authorityKeyId: issuer.key.keyId }) }
      : {}
    const spec: CertificateSpec = {
      subject: own.name,
      issuer: this.#shape.respelt && !selfIssued ? respell(issuer.name) : issuer.name,
      ...{ key: own.key, signer: issuer.key, style: issuer.shape },
      ...{ serialNumber: Buffer.of(0x40, this.#serial), notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
      ...details,
      extensions: { ...details.extensions, ...identified },
    }
    return this.#certificates.push({ role, place, selfIssued, spec }) - 1
  }
}

/** The same name to RFC 4517, in other letter case, with other spaces and as another string type. */
function respell(name: Subject): Subject {
  return name.map((item): Attribute => {
    const [type, value] = item as Attribute
    return [type, ` ${value.toUpperCase().replaceAll(' ', '  ')}`, 'printable']
  })
}
