import { signingKey } from '../../../../support/signing-keys.ts'
import { chooseTarget, isAnchor, isClient, withCertificate, withSpec, type Mutation } from '../mutation.ts'

/** Numbers that no key ring of a hierarchy gives out. */
const OTHER_KEYS = [signingKey('p256', 1_000), signingKey('ed25519', 1_000)] as const

export const chainMutations: readonly Mutation[] = [
  {
    name: 'an issuer of the same name with another key',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isClient(one))
      if (target === null) return null
      const { spec } = target.certificate
      const key = choose(OTHER_KEYS)
      // An anchor signs itself; whether it admits to its other key in its identifier is up to it.
      const signer = isAnchor(target) ? { signer: key } : {}
      const identified = spec.extensions.subjectKeyId !== undefined && choose([true, false])
      const extensions = identified ? { ...spec.extensions, subjectKeyId: key.keyId } : spec.extensions
      return {
        plan: withSpec(plan, target, { key, ...signer, extensions }),
        reasons: ['client-certificate-signature-invalid'],
      }
    },
  },
  {
    name: 'a signature by somebody else',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isAnchor(one))
      if (target === null) return null
      return {
        plan: withSpec(plan, target, { signer: choose(OTHER_KEYS) }),
        reasons: ['client-certificate-signature-invalid'],
      }
    },
  },
  {
    name: 'a missing certificate',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isClient(one) && !isAnchor(one))
      if (target === null) return null
      const { certificates } = plan
      const [stranger] = certificates.filter(({ place }) => place === 'client')
      // In its place stands what leads nowhere, so that positions stay what they are.
      const nothing = stranger === undefined ? {} : { spec: stranger.spec, place: 'presented' as const }
      return { plan: withCertificate(plan, target, nothing), reasons: ['client-certificate-issuer-unknown'] }
    },
  },
  {
    name: 'an issuer name that is another one',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isAnchor(one))
      if (target === null) return null
      const [first = ['O', 'nobody']] = target.certificate.spec.issuer
      const issuer = choose([
        [first],
        [...target.certificate.spec.issuer, ['OU', 'more'] as const],
        [['CN', 'nobody'] as const],
      ])
      return { plan: withSpec(plan, target, { issuer }), reasons: ['client-certificate-issuer-unknown'] }
    },
  },
  {
    name: 'an anchor that is not trusted',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, isAnchor)
      if (target === null) return null
      return {
        plan: withCertificate(plan, target, { place: 'presented' }),
        reasons: ['client-certificate-issuer-unknown'],
      }
    },
  },
]
