import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { ListFault, type ListFlaw } from './list-fault.ts'
import { parseXml } from './parse-xml.ts'
import { follow, isNamed, textAt } from './read-element.ts'
import { englishName } from './english-name.ts'
import { readService } from './read-service.ts'
import { readTime } from './read-time.ts'
import type { ListScheme, TrustedList } from './trusted-list.ts'

const LIST_OF_LISTS = 'http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists'
/** TS 119 612 version 2.1.1 writes 5, 2.2.1 and later 6. */
const VERSIONS = ['5', '6']

/**
 * Reads the canonical form that a signature covers. Every flaw of the scheme information is told at once; services that cannot be made
 * sense of are left to whoever selects.
 *
 * @throws ListFault when the bytes are no list
 */
export function readTrustedList(canonical: string): TrustedList | readonly ListFlaw[] {
  const root = parseXml(canonical)
  if (!isNamed(root, 'list', 'TrustServiceStatusList'))
    throw new ListFault({ wanted: 'a signature over a trusted list', found: 'one over something else' })
  const scheme = readScheme(root)
  if (!('territory' in scheme)) return scheme
  const services = follow(root, 'TrustServiceProviderList', 'TrustServiceProvider').flatMap((provider) => {
    const name = englishName(provider, 'TSPInformation', 'TSPName', 'Name')
    return follow(provider, 'TSPServices', 'TSPService').map((service) => readService(service, name))
  })
  return { scheme, services }
}

function readScheme(root: XmlElement): ListScheme | readonly ListFlaw[] {
  const text = (...path: readonly string[]): string | null => textAt(root, 'SchemeInformation', ...path)
  const territory = text('SchemeTerritory') ?? ''
  const sequence = text('TSLSequenceNumber') ?? ''
  const issued = readTime(text('ListIssueDateTime'))
  const nextUpdate = readTime(text('NextUpdate', 'dateTime'))
  const flaws: readonly (ListFlaw | null)[] = [
    checkVersion(text('TSLVersionIdentifier')),
    checkType(text('TSLType')),
    /^[A-Z]{2}$/.test(territory) ? null : missing('SchemeTerritory', 'a territory of two capital letters'),
    /^[1-9]\d{0,8}$/.test(sequence) ? null : missing('TSLSequenceNumber', 'a whole number from 1'),
    issued === null ? missing('ListIssueDateTime', 'a time in UTC') : null,
    nextUpdate === null ? missing('NextUpdate', 'a time in UTC; a scheme that has ended leaves it out') : null,
  ]
  const found = flaws.filter((flaw) => flaw !== null)
  if (found.length > 0 || issued === null || nextUpdate === null) return found
  const operator = englishName(root, 'SchemeInformation', 'SchemeOperatorName', 'Name')
  return { territory, operator, sequenceNumber: Number(sequence), issued, nextUpdate }
}

function checkVersion(version: string | null): ListFlaw | null {
  const at = 'SchemeInformation/TSLVersionIdentifier'
  if (version !== null && VERSIONS.includes(version)) return null
  return { wanted: `version ${VERSIONS.join(' or ')} of the format`, found: 'another one', at }
}

function checkType(type: string | null): ListFlaw | null {
  if (type !== LIST_OF_LISTS) return null
  const hint = "import the member states' lists that it points to, each with the certificate it gives for that list"
  return { wanted: 'a list of trust services', found: 'the list of the lists', at: 'SchemeInformation/TSLType', hint }
}

function missing(name: string, wanted: string): ListFlaw {
  return { wanted, found: 'none', at: `SchemeInformation/${name}` }
}
