import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../../src/certificate/parse/parsed-certificate.ts'
import { SignatureBudget } from '../../../../../src/certificate/path/signature-budget.ts'
import { checkCrls } from '../../../../../src/certificate/revocation/crl/check-crls.ts'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import type { RevocationStatus } from '../../../../../src/certificate/revocation/revocation-status.ts'
import {
  mintAuthority,
  mintClientCertificate,
  type MintedCertificate,
  type MintOptions,
} from '../../../../support/mint-certificates.ts'
import type { CrlOptions } from '../../../../support/mint-crl.ts'
import { crlDistributionPoints } from '../../../../support/mint-extensions.ts'
import type { Subject } from '../../../../support/mint-subject.ts'
import { der, derNamedBits } from '../../../../support/write-der.ts'

/** The lists are of 2026-01-02 and hold until 2026-02-01. */
export const NOW = new Date('2026-01-15T00:00:00Z')
export const LIFE: MintOptions = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
}
export const ISSUING: Subject = [['CN', 'Issuing']]
export const SERIAL = 0x1234
/** A list that names the client. */
export const LISTED: CrlOptions = { entries: [{ serialNumber: SERIAL, reason: 1 }] }
/** A boolean that is true, under a context tag. */
export const flag = (tag: number): Buffer => der(tag, Buffer.of(0xff))
export const reasons = (tag: number, ...bits: readonly number[]): Buffer => der(tag, derNamedBits(bits).subarray(2))

export const root = await mintAuthority({ ...LIFE, subject: [['CN', 'Root']] })
export const issuing = await mintAuthority({ ...LIFE, issuer: root, subject: ISSUING })

/** Below the issuing authority, with these distribution points. */
export const mintClient = (...points: readonly (readonly Buffer[])[]): Promise<MintedCertificate> =>
  mintClientCertificate(issuing, {
    ...LIFE,
    serialNumber: SERIAL.toString(16),
    extraExtensions: points.length === 0 ? [] : [crlDistributionPoints(...points)],
  })

export const client = await mintClient()

interface Question {
  readonly of?: MintedCertificate
  readonly others?: readonly MintedCertificate[]
  readonly now?: Date
  readonly signatures?: number
}

/** What the lists say of the client, or of `of`, which the issuing authority issued as well. */
export function statusBy(
  lists: readonly Buffer[],
  { of = client, others = [], now = NOW, signatures = 64 }: Question = {},
): RevocationStatus {
  const parse = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)
  const path = { client: parse(of), intermediates: [parse(issuing)], anchor: parse(root) }
  const context = { path, certificates: others.map(parse), signatures: new SignatureBudget(signatures) }
  const [issuer = path.anchor] = path.intermediates
  return checkCrls(
    { certificate: path.client, issuer },
    lists.map((list) => parseCrl(list)),
    context,
    now,
  )
}

export const kindBy = (lists: readonly Buffer[], question?: Question): string => statusBy(lists, question).kind
export const whyBy = (lists: readonly Buffer[], question?: Question): string | undefined => {
  const status = statusBy(lists, question)
  return status.kind === 'unknown' ? status.why : undefined
}
