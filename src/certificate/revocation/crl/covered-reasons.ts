import type { GeneralName } from '../../parse/general-name.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { ALL_REASONS, type DistributionPoint } from '../../parse/read-distribution-point.ts'
import type { ParsedCrl } from './parsed-crl.ts'
import { pointNameKeys } from './point-name-keys.ts'
import type { IssuingDistributionPoint } from './read-issuing-distribution-point.ts'

/** What a certificate says of where its revocation is published, or what holds when it says nothing. */
export interface CertificatePoint extends DistributionPoint {
  /** Names of the point; where it has none, of whoever signs its CRL. */
  readonly nameKeys: ReadonlySet<string>
  /** Whoever may issue the CRL. */
  readonly issuerKeys: readonly string[]
}

/** The points of a certificate, and last the one that RFC 5280 section 6.3.3 adds: its issuer's own list. */
export function pointsOf(certificate: ParsedCertificate): readonly CertificatePoint[] {
  const { issuer } = certificate.facts
  const issuerName: GeneralName = { form: 'directory', name: issuer, key: certificate.issuerKey }
  const own: DistributionPoint = { name: { form: 'full', names: [issuerName] }, reasons: null, crlIssuer: [] }
  return [...certificate.crlDistributionPoints, own].map((point) => {
    const signers = point.crlIssuer.length === 0 ? [issuerName] : point.crlIssuer
    const directories = signers.flatMap((name) => (name.form === 'directory' ? name : []))
    const nameKeys = pointNameKeys(
      point.name ?? { form: 'full', names: signers },
      directories.map(({ name }) => name),
    )
    return { ...point, nameKeys, issuerKeys: directories.map(({ key }) => key) }
  })
}

/**
 * Bit mask of the reasons for which a CRL covers a certificate through one of its points; 0 when it does not (RFC 5280 section 6.3.3
 * (b) and (d)). Who signed it is another question.
 */
export function coveredReasons(crl: ParsedCrl, point: CertificatePoint, certificate: ParsedCertificate): number {
  const scope = crl.issuingDistributionPoint
  const byIssuer =
    point.issuerKeys.includes(crl.issuerKey) && (point.crlIssuer.length === 0 || scope?.indirect === true)
  if (!byIssuer || (scope !== null && !isInScope(scope, crl, point, certificate))) return 0
  return (point.reasons ?? ALL_REASONS) & (scope?.onlySomeReasons ?? ALL_REASONS)
}

function isInScope(
  scope: IssuingDistributionPoint,
  crl: ParsedCrl,
  { nameKeys }: CertificatePoint,
  { basicConstraints }: ParsedCertificate,
): boolean {
  const isAuthority = basicConstraints?.ca === true
  if (scope.onlyAttributeCerts || (scope.onlyUserCerts && isAuthority) || (scope.onlyCaCerts && !isAuthority))
    return false
  return crl.scopeNameKeys === null || [...crl.scopeNameKeys].some((key) => nameKeys.has(key))
}
