import { CertificateSyntaxError } from '../parse/parse-certificate.ts'
import { tryParseCertificate } from '../parse/try-parse-certificate.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { GATEWAY_PROFILE } from '../path/gateway-profile.ts'
import { checkHeldAuthority } from '../path/verify-path.ts'
import type { ListedService } from './trusted-list.ts'

/** TS 119 612 section 5.5.1.1. */
export const SERVICE_TYPES = { 'ca-qc': 'http://uri.etsi.org/TrstSvc/Svctype/CA/QC' } as const

/** TS 119 612 section 5.5.9.4; null asks for none. */
export const PURPOSES = {
  web: 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForWebSiteAuthentication',
  esign: 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures',
  eseal: 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals',
  any: null,
} as const

/** TS 119 612 section 5.5.4. */
const GRANTED = 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted'

export interface ServiceChoice {
  readonly type: keyof typeof SERVICE_TYPES
  readonly purpose: keyof typeof PURPOSES
}

/** A certificate that is trusted, with every service it was found at. */
export interface ListedRoot {
  readonly certificate: ParsedCertificate
  readonly services: readonly [ListedService, ...ListedService[]]
}

export type LeftOutReason =
  | 'of another type'
  | 'not granted'
  | 'granted for other purposes'
  | 'granted from a later time'
  | 'with an unknown critical extension'
  | 'without a certificate'
  | 'with a malformed certificate'
  | 'with an unfit certificate'
  | 'with an expired certificate'

export interface LeftOut {
  readonly service: ListedService
  readonly reason: LeftOutReason
  /** Empty where the reason says it all. */
  readonly detail: string
}

export interface Selection {
  readonly roots: readonly ListedRoot[]
  readonly leftOut: readonly LeftOut[]
}

/** The services that are granted and of the right kind now, as certificates; whatever is left out is named with its reason. */
export function selectServices(services: readonly ListedService[], choice: ServiceChoice, now: Date): Selection {
  const roots = new Map<string, ListedRoot>()
  const leftOut: LeftOut[] = []
  for (const service of services) {
    const excluded = exclude(service, choice, now)
    const results = excluded === null ? service.certificates.map((base64) => judge(service, base64, now)) : [excluded]
    for (const result of results) {
      if ('reason' in result) leftOut.push(result)
      else merge(roots, result, service)
    }
  }
  return { roots: [...roots.values()], leftOut }
}

function exclude(service: ListedService, choice: ServiceChoice, now: Date): LeftOut | null {
  const purpose = PURPOSES[choice.purpose]
  const { since, unknownCritical } = service
  if (service.type !== SERVICE_TYPES[choice.type]) return { service, reason: 'of another type', detail: '' }
  if (service.status !== GRANTED) return { service, reason: 'not granted', detail: '' }
  if (purpose !== null && !service.purposes.includes(purpose))
    return { service, reason: 'granted for other purposes', detail: '' }
  if (since === null || since > now) {
    const detail = since === null ? 'a time that cannot be read' : since.toISOString()
    return { service, reason: 'granted from a later time', detail }
  }
  if (unknownCritical.length > 0)
    return { service, reason: 'with an unknown critical extension', detail: unknownCritical.join(', ') }
  return service.certificates.length === 0 ? { service, reason: 'without a certificate', detail: '' } : null
}

function judge(service: ListedService, base64: string, now: Date): ParsedCertificate | LeftOut {
  const certificate = tryDecode(base64.replaceAll(' ', ''))
  if (certificate instanceof CertificateSyntaxError)
    return { service, reason: 'with a malformed certificate', detail: certificate.message }
  const problem = checkHeldAuthority(certificate, GATEWAY_PROFILE)
  if (problem !== null) {
    const detail = `wanted ${problem.wanted}, found ${problem.found}`
    return { service, reason: 'with an unfit certificate', detail }
  }
  const until = certificate.facts.notAfter
  if (until >= now) return certificate
  return { service, reason: 'with an expired certificate', detail: `valid until ${until.toISOString()}` }
}

function tryDecode(base64: string): ParsedCertificate | CertificateSyntaxError {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return new CertificateSyntaxError('no base64')
  return tryParseCertificate(Buffer.from(base64, 'base64'))
}

/** One authority is often listed more than once, as a service for each purpose. */
function merge(roots: Map<string, ListedRoot>, certificate: ParsedCertificate, service: ListedService): void {
  const { thumbprint } = certificate.facts
  const known = roots.get(thumbprint)
  if (known === undefined) roots.set(thumbprint, { certificate, services: [service] })
  else if (!known.services.includes(service))
    roots.set(thumbprint, { certificate, services: [...known.services, service] })
}

/** How many were left out for each reason, in the order in which they were met. */
export function countReasons(leftOut: readonly LeftOut[]): ReadonlyMap<LeftOutReason, number> {
  const counts = new Map<LeftOutReason, number>()
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}
