import { constants, sign, type BinaryLike } from 'node:crypto'
import { SignedXml, type SignatureAlgorithm } from 'xml-crypto'
import type { MintedCertificate } from './mint-certificates.ts'

export interface MintedService {
  readonly name: string
  /** A CA for qualified certificates when absent. */
  readonly type?: string
  /** The last word of the status; `granted` when absent. */
  readonly status?: string
  readonly since?: string
  /** Last words of the additional service information; `ForWebSiteAuthentication` when absent. */
  readonly purposes?: readonly string[]
  readonly certificates?: readonly (Buffer | string)[]
  /** XML inside further `Extension` elements. */
  readonly extensions?: readonly string[]
  /** Status of an earlier time. */
  readonly history?: string
}

export interface ListOptions {
  readonly territory?: string
  readonly operator?: string
  readonly sequenceNumber?: number | string
  readonly version?: string
  readonly type?: string
  readonly issued?: string
  /** Null leaves the time out. */
  readonly nextUpdate?: string | null
  /** Services by the name of their provider. */
  readonly providers?: Readonly<Record<string, readonly MintedService[]>>
}

export interface SigningOptions {
  readonly method?: keyof typeof METHODS
  readonly digest?: 'sha1' | 'sha256' | 'sha512'
  /** By its Id instead of by an empty URI. */
  readonly byId?: boolean
  readonly transforms?: readonly string[]
  readonly canonicalization?: string
  /** XAdES properties come along unless this is false. */
  readonly xades?: boolean
  /** For lists that cover something else than themselves. */
  readonly covers?: string
  /** What KeyInfo shows; the signer's own certificate when absent. */
  readonly shown?: MintedCertificate
}

export const SERVICE_TYPE = 'http://uri.etsi.org/TrstSvc/Svctype/'
export const CA_QC = `${SERVICE_TYPE}CA/QC`
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'
const DIGESTS = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

/** Name in XML, and what `sign` of node:crypto is told besides the key. */
const METHODS = {
  'rsa-sha1': [`http://www.w3.org/2000/09/xmldsig#rsa-sha1`, 'sha1', {}],
  'rsa-sha256': [`${MORE}rsa-sha256`, 'sha256', {}],
  'rsa-sha384': [`${MORE}rsa-sha384`, 'sha384', {}],
  'rsa-sha512': [`${MORE}rsa-sha512`, 'sha512', {}],
  'ecdsa-sha256': [`${MORE}ecdsa-sha256`, 'sha256', { dsaEncoding: 'ieee-p1363' }],
  'ecdsa-sha384': [`${MORE}ecdsa-sha384`, 'sha384', { dsaEncoding: 'ieee-p1363' }],
  'ecdsa-sha512': [`${MORE}ecdsa-sha512`, 'sha512', { dsaEncoding: 'ieee-p1363' }],
  'sha256-rsa-MGF1': [`${MORE_2007}sha256-rsa-MGF1`, 'sha256', pss(32)],
  'sha384-rsa-MGF1': [`${MORE_2007}sha384-rsa-MGF1`, 'sha384', pss(48)],
  'sha512-rsa-MGF1': [`${MORE_2007}sha512-rsa-MGF1`, 'sha512', pss(64)],
} as const

/** A list of TS 119 612 that nobody signed yet. */
export function writeTrustedList(options: ListOptions = {}): string {
  const { territory = 'BE', operator = 'Scheme Operator', sequenceNumber = 7, version = '5', providers = {} } = options
  const { issued = '2026-10-01T00:00:00Z', nextUpdate = '2027-03-31T00:00:00Z' } = options
  const { type = 'http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric' } = options
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
    '<tsl:TrustServiceStatusList xmlns:tsl="http://uri.etsi.org/02231/v2#" Id="list-1" TSLTag="http://uri.etsi.org/19612/TSLTag">\n',
    '<tsl:SchemeInformation>',
    `<tsl:TSLVersionIdentifier>${version}</tsl:TSLVersionIdentifier>`,
    `<tsl:TSLSequenceNumber>${sequenceNumber}</tsl:TSLSequenceNumber>`,
    `<tsl:TSLType>${type}</tsl:TSLType>`,
    `<tsl:SchemeOperatorName>${names(operator)}</tsl:SchemeOperatorName>`,
    `<tsl:SchemeTerritory>${territory}</tsl:SchemeTerritory>`,
    `<tsl:ListIssueDateTime>${issued}</tsl:ListIssueDateTime>`,
    nextUpdate === null
      ? '<tsl:NextUpdate/>'
      : `<tsl:NextUpdate><tsl:dateTime>${nextUpdate}</tsl:dateTime></tsl:NextUpdate>`,
    '</tsl:SchemeInformation>\n<tsl:TrustServiceProviderList>\n',
    ...Object.entries(providers).map(writeProvider),
    '</tsl:TrustServiceProviderList>\n</tsl:TrustServiceStatusList>\n',
  ].join('')
}

/** Signs as scheme operators do (XAdES B-B, enveloped), unless the options say otherwise. */
export function signTrustedList(list: string, signer: MintedCertificate, options: SigningOptions = {}): Buffer {
  const rsa = signer.privateKey.asymmetricKeyType === 'rsa'
  const [method, digest, how] = METHODS[options.method ?? (rsa ? 'rsa-sha256' : 'ecdsa-sha256')]
  const library = new SignedXml({
    privateKey: signer.privateKeyPem,
    publicCert: (options.shown ?? signer).pem,
    signatureAlgorithm: method,
    canonicalizationAlgorithm: options.canonicalization ?? EXCLUSIVE,
    objects: options.xades === false ? [] : [{ content: PROPERTIES }],
  })
  library.SignatureAlgorithms[method] = algorithm(method, (bytes) =>
    sign(digest, bytes, { key: signer.privateKey, ...how }),
  )
  const digestAlgorithm = DIGESTS[options.digest ?? 'sha256']
  library.addReference({
    xpath: options.covers ?? '/*',
    isEmptyUri: options.byId !== true && options.covers === undefined,
    transforms: [...(options.transforms ?? [ENVELOPED, EXCLUSIVE])],
    digestAlgorithm,
  })
  if (options.xades !== false)
    library.addReference({
      xpath: "//*[local-name(.)='SignedProperties']",
      type: 'http://uri.etsi.org/01903#SignedProperties',
      transforms: [EXCLUSIVE],
      digestAlgorithm,
    })
  library.computeSignature(list, { prefix: 'ds', location: { reference: '/*', action: 'append' } })
  // The library writes the tree alone.
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n${library.getSignedXml().replace(/^<\?xml[^>]*\?>\s*/, '')}`,
  )
}

const PROPERTIES =
  '<xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#signature-1">' +
  '<xades:SignedProperties Id="properties-1"><xades:SignedSignatureProperties>' +
  '<xades:SigningTime>2026-10-01T00:00:00Z</xades:SigningTime>' +
  '</xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties>'

function algorithm(name: string, signBytes: (bytes: Buffer) => Buffer): new () => SignatureAlgorithm {
  return class implements SignatureAlgorithm {
    getAlgorithmName = () => name
    getSignature = (signed: BinaryLike) => signBytes(Buffer.from(signed as string)).toString('base64')
    verifySignature = (): never => {
      throw new TypeError('lists are signed here, not verified')
    }
  }
}

function pss(saltLength: number): { readonly padding: number; readonly saltLength: number } {
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
}

function writeProvider([name, services]: [string, readonly MintedService[]]): string {
  return [
    `<tsl:TrustServiceProvider><tsl:TSPInformation><tsl:TSPName>${names(name)}</tsl:TSPName></tsl:TSPInformation>`,
    `<tsl:TSPServices>${services.map(writeService).join('\n')}</tsl:TSPServices></tsl:TrustServiceProvider>\n`,
  ].join('')
}

function writeService(service: MintedService): string {
  const { history } = service
  const earlier =
    history === undefined
      ? ''
      : `<tsl:ServiceHistory><tsl:ServiceHistoryInstance>${facts({ ...service, status: history, since: '2018-01-01T00:00:00Z' })}</tsl:ServiceHistoryInstance></tsl:ServiceHistory>`
  return `<tsl:TSPService><tsl:ServiceInformation>${facts(service)}</tsl:ServiceInformation>${earlier}</tsl:TSPService>`
}

function facts(service: MintedService): string {
  const { type = CA_QC, status = 'granted', since = '2020-01-01T00:00:00Z' } = service
  return [
    `<tsl:ServiceTypeIdentifier>${type}</tsl:ServiceTypeIdentifier>`,
    `<tsl:ServiceName>${names(service.name)}</tsl:ServiceName>`,
    `<tsl:ServiceDigitalIdentity>${(service.certificates ?? []).map(digitalId).join('')}</tsl:ServiceDigitalIdentity>`,
    `<tsl:ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/${status}</tsl:ServiceStatus>`,
    `<tsl:StatusStartingTime>${since}</tsl:StatusStartingTime>`,
    `<tsl:ServiceInformationExtensions>${extensions(service)}</tsl:ServiceInformationExtensions>`,
  ].join('')
}

function digitalId(certificate: Buffer | string): string {
  const base64 =
    typeof certificate === 'string' ? certificate : certificate.toString('base64').replace(/.{1,76}/g, '$&\n')
  return `<tsl:DigitalId><tsl:X509Certificate>${base64}</tsl:X509Certificate></tsl:DigitalId><tsl:DigitalId><tsl:X509SKI>AAAA</tsl:X509SKI></tsl:DigitalId>`
}

function extensions({ purposes = ['ForWebSiteAuthentication'], extensions: others = [] }: MintedService): string {
  return [
    ...purposes.map(
      (purpose) =>
        `<tsl:Extension Critical="true"><tsl:AdditionalServiceInformation><tsl:URI xml:lang="en">http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/${purpose}</tsl:URI></tsl:AdditionalServiceInformation></tsl:Extension>`,
    ),
    ...others.map((content) => `<tsl:Extension Critical="true">${content}</tsl:Extension>`),
  ].join('')
}

function names(english: string): string {
  const text = english.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;')
  return `<tsl:Name xml:lang="nl">Naam</tsl:Name><tsl:Name xml:lang="en">${text}</tsl:Name>`
}
