import type { CertificateSpec } from '../../../../support/write-certificate.ts'
import type { NameSpec } from '../../../../support/write-extensions.ts'
import { chooseTarget, isClient, targetsOf, withExtensions, type Mutation } from '../mutation.ts'
import { FORBIDDING, wordOf, type NamedForm } from '../name-constraint-cases.ts'

/** RFC 5280 section 6.1.3 (b) and (c): some issuer forbids a name that the client has. */
const violations: readonly Mutation[] = FORBIDDING.map(({ name, form, constraints }) => ({
  name: `an issuer that ${name}`,
  mutate: (plan, choose) => {
    const client = targetsOf(plan).find(isClient)
    if (client === undefined || !hasName(client.certificate.spec, form)) return null
    const target = chooseTarget(plan, choose, (one) => !isClient(one))
    if (target === null) return null
    const nameConstraints = constraints(wordOf(client.certificate.spec.issuer))
    return {
      plan: withExtensions(plan, target, { nameConstraints }),
      reasons: ['client-certificate-name-not-permitted'],
    }
  },
}))

/** Without alternative host names the common name counts as one. */
function hasName({ subject, extensions }: CertificateSpec, form: NamedForm | 'directory'): boolean {
  const alternative = extensions.alternativeNames?.some((name) => name.form === form) === true
  return alternative || ((form === 'directory' || form === 'dns') && subject.length > 0)
}

/** One name too many, under a constraint that was kept to. */
const ONE_MORE: readonly NameSpec[] = [
  { form: 'dns', text: 'evil.other.example' },
  { form: 'email', text: 'who@other.example' },
  { form: 'uri', text: 'https://other.example/' },
  { form: 'ip', bytes: [192, 0, 2, 1] },
  { form: 'directory', name: [['O', 'Other']] },
]

const oneMoreName: Mutation = {
  name: 'one name more than an issuer allows',
  mutate: (plan, choose) => {
    const targets = targetsOf(plan)
    const client = targets.find(isClient)
    const constraints = targets.flatMap(({ certificate }) => certificate.spec.extensions.nameConstraints ?? [])
    const broken = ONE_MORE.filter((name) =>
      constraints.some(({ permitted = [], excluded = [] }) => {
        const bases = permitted.filter(({ form }) => form === name.form)
        const anything = bases.some(
          (base) => ('text' in base && base.text === '') || ('name' in base && base.name.length === 0),
        )
        return (bases.length > 0 && !anything) || excluded.some(({ form }) => form === name.form)
      }),
    )
    if (client === undefined || broken.length === 0) return null
    const { alternativeNames = [] } = client.certificate.spec.extensions
    return {
      plan: withExtensions(plan, client, { alternativeNames: [...alternativeNames, choose(broken)] }),
      reasons: ['client-certificate-name-not-permitted'],
    }
  },
}

export const nameMutations: readonly Mutation[] = [...violations, oneMoreName]
