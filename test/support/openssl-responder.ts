import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import type { MintedAuthority, MintedCertificate } from './mint-certificates.ts'

const run = promisify(execFile)

export interface IndexEntry {
  readonly certificate: MintedCertificate
  /** Absent for a certificate that is good; a name of `openssl ca`, such as `keyCompromise`, or empty for no reason. */
  readonly revokedFor?: string
}

export interface OpensslResponder {
  /** Answers one request, with further options of `openssl ocsp`. */
  readonly answer: (request: Buffer, ...options: readonly string[]) => Promise<Buffer>
  /** Serves over http until it is stopped, on a free port unless one is given, and gives the address. */
  readonly serve: (port?: number) => Promise<string>
  /** Ends what it serves, and leaves nothing behind. */
  readonly stop: () => Promise<void>
}

export const REVOKED_AT = new Date('2026-03-01T12:00:00Z')

/** The real `openssl ocsp` over an index of certificates; the authority signs its answers unless there is another signer. */
export async function openOpensslResponder(
  authority: MintedAuthority,
  entries: readonly IndexEntry[],
  signer: MintedCertificate = authority,
): Promise<OpensslResponder> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-ocsp-'))
  const path = (name: string): string => join(folder, name)
  await Promise.all([
    writeFile(path('index.txt'), entries.map(indexLine).join('')),
    writeFile(path('ca.pem'), authority.pem),
    writeFile(path('signer.pem'), signer.pem),
    writeFile(path('signer.key'), signer.privateKeyPem, { mode: 0o600 }),
  ])
  const signing = ['-rsigner', path('signer.pem'), '-rkey', path('signer.key')]
  const options = ['ocsp', '-index', path('index.txt'), '-CA', path('ca.pem'), ...signing]
  let server: ChildProcess | null = null
  return {
    serve: async (port = 0) => {
      server = spawn('openssl', [...options, '-port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
      return `http://127.0.0.1:${await announcedPort(server)}/`
    },
    answer: async (request, ...more) => {
      await writeFile(path('request.der'), request)
      const files = ['-reqin', path('request.der'), '-respout', path('response.der')]
      await run('openssl', [...options, ...files, ...more])
      return readFile(path('response.der'))
    },
    stop: async () => {
      if (server !== null) {
        const ended = once(server, 'exit')
        server.kill()
        await ended
      }
      await rm(folder, { recursive: true })
    },
  }
}

/** Port 0 lets the system choose; OpenSSL says which in its first line, to one stream or the other as versions differ. */
function announcedPort({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    for (const stream of [stdout, stderr]) {
      if (stream === null) continue
      createInterface(stream).on('line', (line) => {
        const found = /^ACCEPT \S*:(\d+)/.exec(line)?.[1]
        if (found !== undefined) resolve(found)
      })
    }
  })
}

/** One line of the text database of `openssl ca`. */
function indexLine({ certificate, revokedFor }: IndexEntry): string {
  const { serialNumber, notAfter } = parseCertificate(certificate.der).facts
  const serial = (serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`).toUpperCase()
  const revocation = revokedFor === undefined ? '' : [utcTime(REVOKED_AT), revokedFor].filter(Boolean).join(',')
  return [revokedFor === undefined ? 'V' : 'R', utcTime(notAfter), revocation, serial, 'unknown', '/CN=x\n'].join('\t')
}

function utcTime(date: Date): string {
  return `${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`
}
