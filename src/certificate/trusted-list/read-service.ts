import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { elementsOf, follow, textAt, textOf } from './read-element.ts'
import { englishName } from './english-name.ts'
import { readTime } from './read-time.ts'
import type { ListedService } from './trusted-list.ts'

/**
 * Extensions of TS 119 612 section 5.5.9 that may be critical. Qualifications say which certificates of the service are qualified for
 * what; that is for a policy to ask of the certificate, and none of them takes back that the service is granted.
 */
const KNOWN_EXTENSIONS = ['AdditionalServiceInformation', 'Qualifications', 'ExpiredCertsRevocationInfo', 'TakenOverBy']

export function readService(service: XmlElement, provider: string): ListedService {
  const text = (name: string): string | null => textAt(service, 'ServiceInformation', name)
  const extensions = follow(service, 'ServiceInformation', 'ServiceInformationExtensions', 'Extension')
  return {
    provider,
    name: englishName(service, 'ServiceInformation', 'ServiceName', 'Name'),
    type: text('ServiceTypeIdentifier') ?? '',
    status: text('ServiceStatus') ?? '',
    since: readTime(text('StatusStartingTime')),
    purposes: extensions.flatMap((extension) => follow(extension, 'AdditionalServiceInformation', 'URI')).map(textOf),
    unknownCritical: extensions.filter(isCritical).flatMap(unknownContents),
    certificates: follow(service, 'ServiceInformation', 'ServiceDigitalIdentity', 'DigitalId', 'X509Certificate').map(
      textOf,
    ),
  }
}

function isCritical(extension: XmlElement): boolean {
  return !['false', '0'].includes(extension.getAttribute('Critical'))
}

function unknownContents(extension: XmlElement): readonly string[] {
  return elementsOf(extension)
    .map(({ localName }) => localName)
    .filter((name) => !KNOWN_EXTENSIONS.includes(name))
}
