import type { KeyPath } from '../document/key-path.ts'
import { Secret } from '../model/secret.ts'
import type { FaultList } from './fault-list.ts'
import { inspectKeyPair, parseCertificates, type PemKeyPair } from './inspect-key-pair.ts'
import type { ReferencedFiles } from './referenced-files.ts'

/** What loading a section needs: the files, a place for faults, and the time that certificates are held against. */
export interface Loading {
  readonly files: ReferencedFiles
  readonly faults: FaultList
  readonly now: Date
}

/** Keys of a section that name the parts of a certificate with its private key. */
export interface PairKeys {
  readonly certificate: string
  readonly privateKey: string
  readonly passphrase: string
}

/** Reads a certificate and its key and reports what keeps them from serving; null when something does. */
export async function loadKeyPair(
  section: 'tls' | 'upstream' | 'state',
  keys: PairKeys,
  files: { certificate: string; privateKey: string; passphrase: Secret | null },
  loading: Loading,
): Promise<PemKeyPair | null> {
  const certificate = await loading.files.readText([section, keys.certificate], files.certificate)
  const privateKey = await loading.files.readText([section, keys.privateKey], files.privateKey)
  if (certificate === null || privateKey === null) return null
  const pair = { certificate, privateKey: new Secret(privateKey), passphrase: files.passphrase }
  const problems = inspectKeyPair(pair, loading.now)
  for (const { part, wanted, found, hint } of problems) loading.faults.add([section, keys[part]], wanted, found, hint)
  return problems.length === 0 ? pair : null
}

/** Reads what a section lets the gateway present to others; null without one as well as with a faulty one. */
export async function loadClientCertificate(
  at: 'upstream' | 'state',
  section: { readonly clientCertificateFile?: string | undefined; readonly clientPrivateKeyFile?: string | undefined },
  loading: Loading,
): Promise<{ readonly certificate: string; readonly privateKey: Secret } | null> {
  const files = { certificate: section.clientCertificateFile, privateKey: section.clientPrivateKeyFile }
  return loadPresented(at, { certificate: 'clientCertificateFile', privateKey: 'clientPrivateKeyFile' }, files, loading)
}

/** The same for files that stand under other keys. */
export async function loadPresented(
  at: 'upstream' | 'state',
  keys: Omit<PairKeys, 'passphrase'>,
  { certificate, privateKey }: { readonly certificate: string | undefined; readonly privateKey: string | undefined },
  loading: Loading,
): Promise<{ readonly certificate: string; readonly privateKey: Secret } | null> {
  if (certificate === undefined || privateKey === undefined) return null
  const files = { certificate, privateKey, passphrase: null }
  const pair = await loadKeyPair(at, { ...keys, passphrase: keys.privateKey }, files, loading)
  return pair === null ? null : { certificate: pair.certificate, privateKey: pair.privateKey }
}

/** A PEM bundle of authorities; null without one as well as with a faulty one. */
export async function loadAuthorities(
  at: KeyPath,
  file: string | undefined,
  { files, faults }: Loading,
): Promise<string | null> {
  const pem = file === undefined ? null : await files.readText(at, file)
  if (pem === null || parseCertificates(pem) !== null) return pem
  faults.add(at, 'PEM certificates', 'none, or one that cannot be read')
  return null
}
