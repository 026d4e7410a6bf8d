import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { findWeakSignature } from './find-weak-signature.ts'
import { findInvalidity, parseCertificates } from './inspect-key-pair.ts'
import type { ServerIdentity, TlsSettings } from '../model/tls-settings.ts'
import { inspectPkcs12 } from './inspect-pkcs12.ts'
import { inspectServerCertificate, type PublicHosts } from './inspect-server-certificate.ts'
import { loadKeyPair, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'

/** Reads the gateway's own certificate and key, and holds them against the hosts that registrants use; null after a fault. */
export async function loadTls(
  section: SettingsFile['tls'],
  hosts: PublicHosts,
  loading: Loading,
): Promise<TlsSettings | null> {
  const { minVersion, cipherSuites = null } = section
  const identity =
    section.pkcs12File === undefined
      ? await loadPemIdentity(section, hosts, loading)
      : await loadPkcs12Identity(section, hosts, loading)
  if (identity === null) return null
  const code = refusedBy(asContextOptions(identity))
  if (code === null) return { identity, minVersion, cipherSuites }
  const key = identity.kind === 'pem' ? 'certificateFile' : 'pkcs12File'
  loading.faults.add(['tls', key], 'a certificate and key that OpenSSL accepts for a server', code)
  return null
}

async function loadPemIdentity(
  section: SettingsFile['tls'],
  hosts: PublicHosts,
  loading: Loading,
): Promise<ServerIdentity | null> {
  const { certificateFile: certificate, privateKeyFile: privateKey, privateKeyPassphrase: reference } = section
  if (certificate === undefined || privateKey === undefined) return null
  const passphrase =
    reference === undefined ? null : await loading.files.readSecret(['tls', 'privateKeyPassphrase'], reference)
  if (reference !== undefined && passphrase === null) return null
  const keys = { certificate: 'certificateFile', privateKey: 'privateKeyFile', passphrase: 'privateKeyPassphrase' }
  const pair = await loadKeyPair('tls', keys, { certificate, privateKey, passphrase }, loading)
  const leaf = pair === null ? undefined : parseCertificates(pair.certificate)?.[0]
  if (pair === null || leaf === undefined) return null
  const problem = inspectServerCertificate(leaf, hosts)
  if (problem !== null) loading.faults.add(['tls', 'certificateFile'], problem.wanted, problem.found)
  return { kind: 'pem', ...pair }
}

async function loadPkcs12Identity(
  section: SettingsFile['tls'],
  hosts: PublicHosts,
  { files, faults, now }: Loading,
): Promise<ServerIdentity | null> {
  const { pkcs12File: file, pkcs12Passphrase: reference } = section
  if (file === undefined || reference === undefined) return null
  const bundle = await files.readBytes(['tls', 'pkcs12File'], file)
  const passphrase = await files.readSecret(['tls', 'pkcs12Passphrase'], reference)
  if (bundle === null || passphrase === null) return null
  const problem = inspectPkcs12(
    bundle,
    passphrase,
    (leaf, all) => findInvalidity(leaf, now) ?? findWeakSignature(all) ?? inspectServerCertificate(leaf, hosts),
  )
  if (problem === null) return { kind: 'pkcs12', bundle, passphrase }
  faults.add(['tls', problem.part === 'bundle' ? 'pkcs12File' : 'pkcs12Passphrase'], problem.wanted, problem.found)
  return null
}

function asContextOptions(identity: ServerIdentity): SecureContextOptions {
  const passphrase = identity.passphrase === null ? {} : { passphrase: identity.passphrase.reveal() }
  if (identity.kind === 'pkcs12') return { pfx: identity.bundle, ...passphrase }
  return { cert: identity.certificate, key: identity.privateKey.reveal(), ...passphrase }
}

/** The code of the error with which OpenSSL refuses, or null: it has opinions of its own on keys that are too small. */
function refusedBy(options: SecureContextOptions): string | null {
  try {
    createSecureContext(options)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'an error without a code'
  }
}
