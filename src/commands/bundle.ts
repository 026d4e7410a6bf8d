import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { describeMissing } from '../document/describe-missing.ts'
import { writeFaults } from '../document/write-faults.ts'
import type { Fault } from '../model/fault.ts'
import { packPolicies } from '../policy/bundle/pack-policies.ts'
import { writeBundle } from '../policy/bundle/policy-bundle.ts'
import { algorithmFor, signBundle, type BundleSignature } from '../policy/bundle/sign-bundle.ts'
import { checkCases } from '../policy/cases/check-cases.ts'
import { loadCases } from '../policy/cases/load-cases.ts'
import { runCases } from '../policy/cases/run-cases.ts'
import { loadPolicies, type LoadedPolicies } from '../policy/load-policies.ts'
import { isGreen, writeCasesReport } from './write-cases-report.ts'

interface Options {
  readonly out: string
  readonly key: string
  readonly kid?: string
  readonly signers?: string
}

/** `bundle`: policies become one signed file; what has faults, or whose cases fail, is not signed. */
export function bundleCommand(): Command {
  return new Command('bundle')
    .description('pack a folder of policies into one file with a detached signature (JWS), once all their cases pass')
    .argument('[folder]', 'folder with one folder a policy', 'policies')
    .requiredOption('--out <file>', 'file to write; the signature goes beside it, with .jws behind its name')
    .requiredOption('--key <file>', 'private key, PEM: RSA (PS256), P-256 (ES256) or Ed25519 (EdDSA)')
    .option('--kid <id>', "key id to write into the signature; the key's thumbprint when left out")
    .option('--signers <file>', 'write the public key as JWKS to this file, for policies.signers of a gateway')
    .action(async (folder: string, options: Options) => {
      const loaded = await loadPolicies(folder)
      const key = await readKey(options.key)
      const faults = [...loaded.faults, ...('faults' in key ? key.faults : [])]
      if (faults.length > 0 || 'faults' in key) {
        fail(writeFaults(faults, 'nothing signed'))
        return
      }
      const failures = await testAll(folder, loaded)
      if (failures !== '') {
        fail(`${failures}nothing signed\n`)
        return
      }
      const bytes = writeBundle(await packPolicies(folder, loaded.names))
      const signature = await signBundle(bytes, key.key, options.kid)
      await writeFile(options.out, bytes)
      await writeFile(`${options.out}.jws`, `${signature.detached}\n`)
      if (options.signers !== undefined) await writeFile(options.signers, writeSigners(key.key, signature))
      process.stdout.write(report(loaded, bytes, signature, options.out))
    })
}

function fail(report: string): void {
  process.stderr.write(report)
  process.exitCode = 1
}

async function readKey(file: string): Promise<{ readonly key: KeyObject } | { readonly faults: readonly Fault[] }> {
  const fault = (wanted: string, found: string): { readonly faults: readonly Fault[] } => ({
    faults: [{ file, line: 0, column: 0, path: '', wanted, found }],
  })
  let pem: string
  try {
    pem = await readFile(file, 'utf8')
  } catch (failure) {
    return fault('a private key', describeMissing(failure, file))
  }
  try {
    const key = createPrivateKey(pem)
    if (algorithmFor(key) !== null) return { key }
    return fault('an RSA key of 2048 bits or more, a P-256 or an Ed25519 key', key.asymmetricKeyType ?? 'another')
  } catch {
    // What OpenSSL says of a private key is not repeated: nobody knows what it quotes.
    return fault('an unencrypted private key in PEM form', 'something else')
  }
}

/** What is wrong with the cases of any policy; empty when nothing is. */
async function testAll(folder: string, { policies }: LoadedPolicies): Promise<string> {
  let failures = ''
  for (const [name, policy] of policies) {
    const { loaded, faults } = await loadCases(join(folder, name))
    const misnamed = loaded === null ? [] : checkCases(policy, loaded)
    if (loaded === null || misnamed.length > 0) failures += writeFaults([...faults, ...misnamed], 'not tested')
    else {
      const outcome = runCases(policy, loaded.cases)
      if (!isGreen(outcome)) failures += writeCasesReport(policy, loaded, outcome)
    }
  }
  return failures
}

function writeSigners(key: KeyObject, { algorithm, keyId }: BundleSignature): string {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  return `${JSON.stringify({ keys: [{ ...jwk, kid: keyId, alg: algorithm, use: 'sig' }] }, null, 2)}\n`
}

function report({ policies }: LoadedPolicies, bytes: Buffer, signature: BundleSignature, out: string): string {
  const lines = [
    ...[...policies.values()].map(({ name, version, sha256 }) => `${name} ${version} (${sha256.slice(0, 12)})`),
    `${out}: ${policies.size === 1 ? '1 policy' : `${policies.size} policies`}, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`,
    `${out}.jws: signed with ${signature.algorithm} by ${signature.keyId}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}
