import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { Fault } from '../../model/fault.ts'
import { CertificateSyntaxError } from '../parse/parse-certificate.ts'
import { tryParseCertificate } from '../parse/try-parse-certificate.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { parsePemBundle, type PemBlock } from './parse-pem-bundle.ts'
import type { PemFile } from './read-pem-folder.ts'
import { checkPublicKey } from '../path/check-public-key.ts'
import { GATEWAY_PROFILE } from '../path/gateway-profile.ts'
import type { PathProblem } from '../path/path-step.ts'
import { SignatureBudget } from '../path/signature-budget.ts'
import { checkHeldAuthority } from '../path/verify-path.ts'

export interface InspectedCertificates {
  readonly certificates: readonly ParsedCertificate[]
  /** What makes the folder unfit for use. */
  readonly faults: readonly Fault[]
  /** Certificates that expired; they are kept, so that clients hear what is wrong with their issuer. */
  readonly expired: readonly Fault[]
}

/** One certificate, with where it stands. */
interface Place {
  readonly file: string
  readonly line: number
}

/** What makes a certificate unfit for its place, before anybody relies on it; null when nothing does. */
type FitnessCheck = (certificate: ParsedCertificate) => PathProblem | null

/** Reads the certificates of one trust folder file by file, and knows again what it has seen. */
export class CertificateInspector {
  readonly #now: Date
  readonly #check: FitnessCheck
  readonly #seen = new Map<string, Place>()

  constructor(now: Date, check: FitnessCheck) {
    this.#now = now
    this.#check = check
  }

  inspect(files: readonly PemFile[]): InspectedCertificates {
    const certificates: ParsedCertificate[] = []
    const faults: Fault[] = []
    const expired: Fault[] = []
    for (const { file, text } of files) {
      const blocks = parsePemBundle(text)
      if (blocks.length === 0) faults.push(faultAt({ file, line: 0 }, 'PEM certificates', 'none'))
      for (const block of blocks) {
        const result = this.#inspectBlock(block, { file, line: block.line })
        if ('wanted' in result) faults.push(result)
        else certificates.push(result)
        if (!('wanted' in result) && result.facts.notAfter < this.#now)
          expired.push(this.#expiredAt(result, { file, line: block.line }))
      }
    }
    return { certificates, faults, expired }
  }

  #inspectBlock({ label, der }: PemBlock, place: Place): ParsedCertificate | Fault {
    if (label !== 'CERTIFICATE')
      return faultAt(place, 'BEGIN CERTIFICATE', `BEGIN ${label}`, 'keep nothing but certificates here')
    if (der === null) return faultAt(place, 'base64 up to the END line', 'a block that is cut off or damaged')
    const certificate = tryParseCertificate(der)
    if (certificate instanceof CertificateSyntaxError)
      return faultAt(place, 'an X.509 version 3 certificate', certificate.message)
    const earlier = this.#seen.get(certificate.facts.thumbprint)
    if (earlier !== undefined)
      return faultAt(place, 'every certificate once', `the one of ${earlier.file}:${earlier.line}`)
    this.#seen.set(certificate.facts.thumbprint, place)
    const problem = this.#check(certificate)
    return problem === null
      ? certificate
      : faultAt(place, problem.wanted, problem.found, `${nameOf(certificate)} can vouch for nothing`)
  }

  #expiredAt(certificate: ParsedCertificate, place: Place): Fault {
    const until = certificate.facts.notAfter.toISOString()
    return faultAt(
      place,
      `valid at ${this.#now.toISOString()}`,
      `valid until ${until}`,
      `remove ${nameOf(certificate)}`,
    )
  }
}

/** Fit to issue certificates of clients. */
export const checkAuthorityFitness: FitnessCheck = (certificate) => checkHeldAuthority(certificate, GATEWAY_PROFILE)

/** Fit to sign OCSP answers, because an operator says so: no purpose is asked for, but a key that nobody can guess. */
export const checkResponderFitness: FitnessCheck = (certificate) =>
  checkPublicKey({ certificate, issuer: null, isClient: false, intermediatesBelow: 0 }, new SignatureBudget(0))

function nameOf({ facts }: ParsedCertificate): string {
  return writeDistinguishedName(facts.subject)
}

function faultAt({ file, line }: Place, wanted: string, found: string, hint?: string): Fault {
  const fault = { file, line, column: line === 0 ? 0 : 1, path: '', wanted, found }
  return hint === undefined ? fault : { ...fault, hint }
}
