import { createHash } from 'node:crypto'
import type { Fault } from '../../model/fault.ts'
import { compilePolicies, type LoadedPolicies } from '../load-policies.ts'
import type { PolicyText } from '../policy-text.ts'
import { BundleSyntaxError, parseBundle, type PolicyBundle } from './policy-bundle.ts'
import { parseSigners, verifyBundle, type BundleSigner } from './verify-bundle.ts'

/** A bundle as it was read, nothing about it verified yet. */
export interface UnverifiedBundle {
  readonly file: string
  readonly bytes: Buffer
  /** Detached JWS that stood beside it. */
  readonly signature: string
  /** Hex SHA-256 that the operator pinned; null where any edition that is signed will do. */
  readonly sha256: string | null
}

export interface BundleSources {
  readonly bundles: readonly UnverifiedBundle[]
  /** JWKS document of those who may sign, and the file it came from. */
  readonly signers: { readonly file: string; readonly text: string }
}

/** Loads the policies of signed bundles; of a bundle that is not signed by one of the signers nothing is read. */
export async function loadBundles({ bundles, signers }: BundleSources): Promise<LoadedPolicies> {
  const faults: Fault[] = []
  const pinned = attempt(signers.file, faults, () => parseSigners(signers.text))
  const texts: PolicyText[] = []
  if (pinned !== null)
    for (const bundle of bundles) texts.push(...withoutTaken(await openBundle(bundle, pinned, faults), texts, faults))
  return compilePolicies(texts, faults)
}

async function openBundle(
  bundle: UnverifiedBundle,
  signers: readonly BundleSigner[],
  faults: Fault[],
): Promise<readonly PolicyText[]> {
  const { file, bytes, signature, sha256 } = bundle
  try {
    // The pin first: it also holds against an older edition that was signed as well (rollback).
    const found = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== null && found !== sha256) throw new BundleSyntaxError(`the pinned SHA-256 ${sha256}`, found)
    await verifyBundle(bytes, signature, signers)
    return policiesOf(file, parseBundle(bytes))
  } catch (failure) {
    if (!(failure instanceof BundleSyntaxError)) throw failure
    faults.push(faultOf(file, failure))
    return []
  }
}

function policiesOf(file: string, { files }: PolicyBundle): readonly PolicyText[] {
  return [...files].flatMap(([path, text]) => {
    const [name, inner] = path.split('/')
    if (name === undefined || inner !== 'policy.yaml') return []
    return [{ name, file: `${file}:${path}`, text, readBeside: (beside) => readWithin(files, `${name}/${beside}`) }]
  })
}

function readWithin(files: PolicyBundle['files'], path: string): Promise<string> {
  const text = files.get(path)
  return text === undefined ? Promise.reject(new Error(`no ${path} in the bundle`)) : Promise.resolve(text)
}

/** Two bundles with a policy of the same name: which of them is meant would depend on their order. */
function withoutTaken(
  texts: readonly PolicyText[],
  taken: readonly PolicyText[],
  faults: Fault[],
): readonly PolicyText[] {
  return texts.filter(({ name, file }) => {
    const other = taken.find((text) => text.name === name)
    if (other !== undefined)
      faults.push(
        faultOf(file, new BundleSyntaxError('a policy that no other bundle holds', `${name} in ${other.file}`)),
      )
    return other === undefined
  })
}

function attempt<T>(file: string, faults: Fault[], parse: () => T): T | null {
  try {
    return parse()
  } catch (failure) {
    if (!(failure instanceof BundleSyntaxError)) throw failure
    faults.push(faultOf(file, failure))
    return null
  }
}

function faultOf(file: string, { wanted, found }: BundleSyntaxError): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}
