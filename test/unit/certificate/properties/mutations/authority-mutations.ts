import type { ExtensionFields } from '../../../../support/write-extensions.ts'
import {
  chooseTarget,
  isAnchor,
  isClient,
  withExtensions,
  withoutExtension,
  type Mutation,
  type Target,
} from '../mutation.ts'

const isAuthority = (target: Target): boolean => !isClient(target)

const OTHER_USAGES: readonly NonNullable<ExtensionFields['keyUsage']>[] = [
  ['cRLSign'],
  ['digitalSignature', 'keyEncipherment'],
  ['digitalSignature', 'cRLSign'],
]

export const authorityMutations: readonly Mutation[] = [
  {
    name: 'an issuer with cA false (RFC 5280 6.1.4 (k))',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, isAuthority)
      return (
        target && {
          plan: withExtensions(plan, target, { basicConstraints: { ca: false } }),
          reasons: ['client-certificate-issuer-not-ca'],
        }
      )
    },
  },
  {
    name: 'an intermediate without basic constraints (RFC 5280 6.1.4 (k))',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => isAuthority(one) && !isAnchor(one))
      return (
        target && {
          plan: withoutExtension(plan, target, 'basicConstraints'),
          reasons: ['client-certificate-issuer-not-ca'],
        }
      )
    },
  },
  {
    name: 'an issuer without keyCertSign (RFC 5280 6.1.4 (n))',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, isAuthority)
      const keyUsage = choose(OTHER_USAGES)
      return (
        target && {
          plan: withExtensions(plan, target, { keyUsage }),
          reasons: ['client-certificate-issuer-not-ca'],
        }
      )
    },
  },
  {
    name: 'a path length that is too short (RFC 5280 6.1.4 (l))',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => isAuthority(one) && one.intermediatesBelow > 0)
      if (target === null) return null
      const pathLength = choose([target.intermediatesBelow - 1, 0])
      return {
        plan: withExtensions(plan, target, { basicConstraints: { ca: true, pathLength } }),
        reasons: ['client-certificate-path-too-long'],
      }
    },
  },
]
