import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const HOW_TO_GET_PKITS =
  'the tests need the NIST PKITS data: install python3-cryptography-vectors (Debian) or set PKITS_FOLDER to a folder with certs/ and crls/'

const DEBIAN_FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data'

export interface PkitsData {
  /** DER of a certificate by the name of its file, without extension. */
  readonly certificate: (name: string) => Buffer
  readonly crl: (name: string) => Buffer
}

/** Finds the data, or installs the package that has it. @throws Error with one line that says how to get it */
export function openPkitsData(): PkitsData {
  const folder = process.env['PKITS_FOLDER'] ?? DEBIAN_FOLDER
  if (!isThere(folder) && process.env['PKITS_FOLDER'] === undefined) install()
  if (!isThere(folder)) throw new Error(HOW_TO_GET_PKITS)
  return {
    certificate: (name) => readFileSync(join(folder, 'certs', `${name}.crt`)),
    crl: (name) => readFileSync(join(folder, 'crls', `${name}.crl`)),
  }
}

function isThere(folder: string): boolean {
  return existsSync(join(folder, 'certs', 'TrustAnchorRootCertificate.crt'))
}

/** Only root may, and only Debian and its children can; everybody else is told what to do. */
function install(): void {
  if (process.getuid?.() !== 0) return
  try {
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'python3-cryptography-vectors'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'ignore',
      timeout: 300_000,
    })
  } catch {
    // What matters is whether the data is there, and that is looked at next.
  }
}
