import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pemOf } from '../../../support/mint-certificates.ts'
import type { MintedHierarchy } from '../../../support/mint-hierarchy.ts'
import { NOW } from './plan-hierarchy.ts'

/** Null where OpenSSL found a path, otherwise what it said against it. */
export type OpensslVerdict = string | null

/**
 * Asks `openssl verify` about many hierarchies in one process. All of them share one pile of anchors and one of intermediates, so no two
 * may have a name in common. The right path comes first in the pile: OpenSSL does not come back from a wrong turn.
 */
export async function verifyWithOpenssl(hierarchies: readonly MintedHierarchy[]): Promise<readonly OpensslVerdict[]> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-batch-'))
  const file = (name: string): string => join(folder, name)
  const clientFile = (index: number): string => file(`client-${String(index)}.pem`)
  try {
    const offered = hierarchies.flatMap(({ paths, held, others }) => [
      ...paths.flatMap((path) => path.slice(1, -1)),
      ...held,
      ...others,
    ])
    await writeFile(file('anchors.pem'), pemBundle(hierarchies.flatMap(({ anchors }) => anchors)))
    await writeFile(file('offered.pem'), pemBundle(offered))
    await Promise.all(hierarchies.map(({ own }, index) => writeFile(clientFile(index), pemOf(own))))
    const output = await runOpenssl([
      ...['verify', '-purpose', 'sslclient', '-auth_level', '2'],
      // As nothing is accepted where a policy is demanded and none is named, any is named.
      ...['-policy_check', '-policy', '2.5.29.32.0'],
      ...['-attime', String(NOW.getTime() / 1000), '-no-CApath', '-no-CAstore'],
      ...['-CAfile', file('anchors.pem'), '-untrusted', file('offered.pem')],
      ...hierarchies.map((_, index) => clientFile(index)),
    ])
    return hierarchies.map((_, index) => verdictOn(clientFile(index), output))
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Output {
  readonly accepted: ReadonlySet<string>
  readonly complaints: string
}

/** Exit code 2 says that something was refused; any other one, that it did not get as far as a verdict. */
async function runOpenssl(parameters: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile('openssl', parameters, { maxBuffer: 64 * 1024 * 1024 }, (failure, stdout, stderr) => {
      if (failure !== null && failure.code !== 2) reject(new Error('openssl came to no verdict', { cause: failure }))
      else
        resolve({
          accepted: new Set(Array.from(stdout.matchAll(/^(.*): OK$/gm), ([, name = '']) => name)),
          complaints: stderr,
        })
    })
  })
}

function verdictOn(client: string, { accepted, complaints }: Output): OpensslVerdict {
  if (accepted.has(client)) return null
  const end = complaints.indexOf(`error ${client}: verification failed`)
  const reasons = complaints.slice(0, Math.max(end, 0)).match(/error \d+ at \d+ depth lookup: .*/g)
  return reasons?.at(-1) ?? 'not readable'
}

/** One certificate that cannot be read would keep OpenSSL from reading the rest of a file; presented, it passes it over as well. */
function pemBundle(certificates: readonly Buffer[]): string {
  const readable = [...new Set(certificates)].filter((der) => {
    try {
      return new X509Certificate(der).raw.length > 0
    } catch {
      return false
    }
  })
  return readable.map(pemOf).join('')
}
