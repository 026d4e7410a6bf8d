import type { Reason } from '../../../../src/model/reasons.ts'
import type { HierarchyPlan, PlannedCertificate } from '../../../support/mint-hierarchy.ts'
import type { CertificateSpec } from '../../../support/write-certificate.ts'
import type { ExtensionFields } from '../../../support/write-extensions.ts'

/** A valid hierarchy with one thing wrong. */
export interface Mutated {
  readonly plan: HierarchyPlan
  /** The reasons that the refusal may have when names leave one way up only. */
  readonly reasons: readonly Reason[]
}

/** Takes one of several things, always the same for the same seed. */
export type Choose = <Item>(items: readonly Item[]) => Item

export interface Mutation {
  /** What is wrong, continuing "a hierarchy with ...". */
  readonly name: string
  /** Null where the hierarchy has nothing that could be changed so. */
  readonly mutate: (plan: HierarchyPlan, choose: Choose) => Mutated | null
  /** Where OpenSSL is more lenient on purpose. */
  readonly opensslDiffers?: true
}

/** Where a certificate stands that lies on every valid path, so that what is wrong with it is wrong with all of them. */
export interface Target {
  readonly position: number
  readonly certificate: PlannedCertificate
  /** Intermediates between it and the client, those not counted that an authority issued to itself. */
  readonly intermediatesBelow: number
}

export function targetsOf({ certificates, paths }: HierarchyPlan): readonly Target[] {
  const [first = [], ...others] = paths
  const shared = first.filter((position) => others.every((path) => path.includes(position)))
  return shared.flatMap((position, index) => {
    const certificate = certificates[position]
    const below = shared.slice(1, index).filter((other) => certificates[other]?.selfIssued === false)
    return certificate === undefined ? [] : [{ position, certificate, intermediatesBelow: below.length }]
  })
}

export const isClient = ({ certificate }: Target): boolean => certificate.place === 'client'
export const isAnchor = ({ certificate }: Target): boolean => certificate.place === 'anchor'

/** One of the targets that a mutation can be made to; null where there is none. */
export function chooseTarget(plan: HierarchyPlan, choose: Choose, fits: (target: Target) => boolean): Target | null {
  const targets = targetsOf(plan).filter(fits)
  return targets.length === 0 ? null : choose(targets)
}

export function withCertificate(
  plan: HierarchyPlan,
  { position, certificate }: Target,
  changes: Partial<PlannedCertificate>,
): HierarchyPlan {
  return { ...plan, certificates: plan.certificates.with(position, { ...certificate, ...changes }) }
}

export function withSpec(plan: HierarchyPlan, target: Target, changes: Partial<CertificateSpec>): HierarchyPlan {
  return withCertificate(plan, target, { spec: { ...target.certificate.spec, ...changes } })
}

export function withExtensions(plan: HierarchyPlan, target: Target, changes: Partial<ExtensionFields>): HierarchyPlan {
  return withSpec(plan, target, { extensions: { ...target.certificate.spec.extensions, ...changes } })
}

/** The same extensions without one of them. */
export function withoutExtension(plan: HierarchyPlan, target: Target, name: keyof ExtensionFields): HierarchyPlan {
  const { [name]: _, ...others } = target.certificate.spec.extensions
  return withSpec(plan, target, { extensions: others })
}

/** Linear congruential, as good as any for taking things from short lists. */
export function chooserOf(seed: number): Choose {
  let state = seed >>> 0
  return (items) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const item = items[Math.floor((state / 2 ** 32) * items.length)]
    if (item === undefined) throw new RangeError('nothing to choose from')
    return item
  }
}
