import { allowedAddress } from './allowed-address.ts'
import { allowedHost } from './allowed-host.ts'
import { EgressFailure } from './egress-failure.ts'
import type { EgressRules } from './egress-rules.ts'
import { parseAddress } from './parse-address.ts'

/** What can be told of a URL before any name is looked up. @throws EgressFailure */
export function checkTarget(text: string, rules: EgressRules): URL {
  if (!URL.canParse(text)) throw new EgressFailure('scheme', 'not an absolute URL')
  const url = new URL(text)
  if (!rules.schemes.some((scheme) => url.protocol === `${scheme}:`))
    throw new EgressFailure('scheme', `only ${rules.schemes.join(' and ')} is allowed`)
  // Credentials would go to whoever answers there, and into logs.
  if (url.username !== '' || url.password !== '') throw new EgressFailure('scheme', 'credentials in the URL')
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (rules.allowedHosts !== null && !allowedHost(hostname, rules.allowedHosts))
    throw new EgressFailure('host-not-allowed', 'the host is not one of those allowed')
  checkPort(url, rules)
  checkLiteral(hostname, rules)
  return url
}

/** A certificate must not be able to make the gateway talk to a mail server, say. */
function checkPort({ port, protocol }: URL, { allowedPorts }: EgressRules): void {
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  if (allowedPorts !== null && !allowedPorts.includes(number))
    throw new EgressFailure('address-forbidden', `port ${number} is not permitted`)
}

/** Node connects to an address without asking `lookup`, so the guard there never sees it. */
function checkLiteral(hostname: string, rules: EgressRules): void {
  const isLiteral = hostname.includes(':') || parseAddress(hostname) !== null
  if (isLiteral && !allowedAddress(hostname, rules))
    throw new EgressFailure('address-forbidden', 'the address in the URL is not permitted')
}
