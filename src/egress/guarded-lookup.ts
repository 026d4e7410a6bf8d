import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { allowedAddress, type AddressRules } from './allowed-address.ts'
import { EgressFailure } from './egress-failure.ts'
import type { ResolveHost } from './egress-rules.ts'

const lookupAll = promisify(lookup)
const resolveBySystem: ResolveHost = (hostname) => lookupAll(hostname, { all: true })

/**
 * A look-up for one connection that hands on permitted addresses alone. As the connection is made to what it hands on, a name that is
 * asked twice and answers differently (DNS rebinding) gains nothing. Names alone come here: addresses in a URL must be checked before.
 */
export function guardedLookup(rules: AddressRules, resolveHost: ResolveHost = resolveBySystem): LookupFunction {
  return (hostname, { all = false }, callback) => {
    const found = resolveHost(hostname).then((addresses) => permitted(addresses, rules))
    found.then(
      ([first, ...others]) => {
        if (all) callback(null, [first, ...others])
        else callback(null, first.address, first.family)
      },
      (failure: unknown) => callback(failure as NodeJS.ErrnoException, []),
    )
  }
}

type AtLeastOne = readonly [LookupAddress, ...LookupAddress[]]

function permitted(addresses: readonly LookupAddress[], rules: AddressRules): AtLeastOne {
  const [first, ...others] = addresses.filter(({ address }) => allowedAddress(address, rules))
  if (first === undefined)
    throw new EgressFailure('address-forbidden', 'the name of the host leads to no permitted address')
  return [first, ...others]
}
