import { SERVER_AUTH } from '../../../../support/mint-certificates.ts'
import { der } from '../../../../support/write-der.ts'
import type { ExtensionSpec } from '../../../../support/write-extensions.ts'
import { chooseTarget, isAnchor, isClient, withExtensions, withSpec, type Mutation } from '../mutation.ts'

const OTHER_PURPOSES: readonly (readonly string[])[] = [
  [SERVER_AUTH],
  ['1.3.6.1.5.5.7.3.4'],
  [SERVER_AUTH, '1.3.6.1.5.5.7.3.3'],
  // Any purpose, which OpenSSL does not take for that of TLS clients either.
  ['2.5.29.37.0'],
]

const unknown = (oid: string): ExtensionSpec => ({ oid, critical: true, value: der(0x05) })

export const extensionMutations: readonly Mutation[] = [
  {
    name: 'an extended key usage for something else (RFC 5280 4.2.1.12)',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, () => true)
      return (
        target && {
          plan: withExtensions(plan, target, { extendedKeyUsage: choose(OTHER_PURPOSES) }),
          reasons: ['client-certificate-wrong-purpose'],
        }
      )
    },
  },
  {
    name: 'a client key that may not sign (RFC 5280 4.2.1.3)',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, isClient)
      return (
        target && {
          plan: withExtensions(plan, target, { keyUsage: ['keyEncipherment'] }),
          reasons: ['client-certificate-wrong-purpose'],
        }
      )
    },
  },
  {
    name: 'an unknown critical extension (RFC 5280 6.1.4 (o), 6.1.5 (f))',
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, () => true)
      const extension = unknown(choose(['1.2.3.4.5', '2.5.29.99', '2.5.29.9', '1.3.6.1.5.5.7.1.11']))
      return (
        target && {
          plan: withSpec(plan, target, { extraExtensions: [extension] }),
          reasons: ['client-certificate-extension-unknown'],
        }
      )
    },
  },
  {
    name: 'an extension twice (RFC 5280 4.2)',
    opensslDiffers: true,
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isAnchor(one))
      const twice = [0, 0].map(() => ({ ...unknown('1.2.3.4.5'), critical: false }))
      return (
        target && {
          plan: withSpec(plan, target, { extraExtensions: twice }),
          reasons: [isClient(target) ? 'client-certificate-malformed' : 'client-certificate-issuer-unknown'],
        }
      )
    },
  },
  {
    name: 'a client serial number that is not positive (RFC 5280 4.1.2.2)',
    opensslDiffers: true,
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, isClient)
      return (
        target && {
          plan: withSpec(plan, target, { serialNumber: choose([Buffer.of(0), Buffer.of(0x80), Buffer.of(0xff, 0)]) }),
          reasons: ['client-certificate-serial-number-invalid'],
        }
      )
    },
  },
]
