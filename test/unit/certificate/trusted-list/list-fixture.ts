import type { FolderState } from '../../../../src/certificate/trusted-list/check-folder.ts'
import {
  importTrustedList,
  type ImportOptions,
  type ImportPlan,
} from '../../../../src/certificate/trusted-list/import-trusted-list.ts'
import { mintAuthority, mintSelfSigned, type MintedCertificate } from '../../../support/mint-certificates.ts'
import { signTrustedList, writeTrustedList, type ListOptions } from '../../../support/mint-trusted-list.ts'

/** Between the times of issue and of the next update of the lists that are minted. */
export const NOW = new Date('2026-11-26T00:00:00Z')
const DATES = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') }

export interface Scene {
  readonly operator: MintedCertificate
  readonly rsaOperator: MintedCertificate
  /** Of the same name as `operator`, and nobody's. */
  readonly impostor: MintedCertificate
  /** A subordinate authority, as most of those in lists are. */
  readonly issuing: MintedCertificate
  /** Signed by `operator`, with `issuing` as its only service. */
  readonly list: Buffer
}

export async function mintScene(): Promise<Scene> {
  const subject = [['CN', 'Scheme Operator']] as const
  const operator = await mintSelfSigned({ subject, ...DATES })
  const root = await mintAuthority(DATES)
  const issuing = await mintAuthority({ issuer: root, subject: [['CN', 'Web CA']], ...DATES })
  return {
    operator,
    rsaOperator: await mintSelfSigned({ subject, keyType: 'rsa', keyLabel: 'operator', ...DATES }),
    impostor: await mintSelfSigned({ subject, ...DATES }),
    issuing,
    list: signTrustedList(writeTrustedList(withService(issuing)), operator),
  }
}

export function withService({ der }: MintedCertificate): ListOptions {
  return { providers: { 'Trust NV': [{ name: 'Web CA', certificates: [der] }] } }
}

export interface Attempt extends Partial<ImportOptions> {
  readonly pem: string
  readonly state?: FolderState
}

export function attempt(
  bytes: Buffer,
  { pem, state = { kind: 'absent' }, ...options }: Attempt,
): ReturnType<typeof importTrustedList> {
  return importTrustedList(
    { list: { file: 'be.xml', bytes }, signer: { file: 'be.pem', pem }, folder: { file: 'trust', state } },
    { choice: { type: 'ca-qc', purpose: 'web' }, now: NOW, allowOlder: false, ...options },
  )
}

export function planOf(bytes: Buffer, how: Attempt): ImportPlan {
  const result = attempt(bytes, how)
  if (!('files' in result)) throw new Error(result.map(({ wanted, found }) => `${wanted}; ${found}`).join('\n'))
  return result
}

/** Every fault as one line: file, place, wanted, found. */
export function faultsOf(bytes: Buffer, how: Attempt): readonly string[] {
  const result = attempt(bytes, how)
  if ('files' in result) throw new Error('imported')
  return result.map(
    ({ file, path, wanted, found }) => `${file}${path === '' ? '' : ` ${path}`}: wanted ${wanted}, found ${found}`,
  )
}

/** Puts something else into a list's text; what is not there cannot be replaced. */
export function replaceOnce(bytes: Buffer, part: string | RegExp, by: string): Buffer {
  const text = bytes.toString()
  const changed = text.replace(part, () => by)
  if (changed === text) throw new Error(`no ${String(part)} in the list`)
  return Buffer.from(changed)
}
