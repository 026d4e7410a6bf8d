import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFaults } from '../../../src/document/write-faults.ts'
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.ts'
import type { PresentedFacts } from '../../../src/policy/judge/judge.ts'
import { loadPolicies, type LoadedPolicies } from '../../../src/policy/load-policies.ts'

/** What follows the lines every policy.yaml begins with. */
export type PolicyTexts = Readonly<Record<string, string>>

/** Conditions that hold and break for every request of these tests, and yet are not constant: those are faults. */
export const HOLDS = 'size(translations) == 0'
export const BREAKS = 'size(translations) > 0'

export function policyText(name: string, body: string): string {
  return `apiVersion: dcr-gateway/v1\nname: ${name}\nversion: "1"\ntitle: Title of ${name}\nsource: A test\n${body}`
}

/** Loads a folder that holds these policies and nothing else; the folder is gone afterwards. */
export async function loadTexts(bodies: PolicyTexts): Promise<LoadedPolicies> {
  const folder = await mkdtemp(join(tmpdir(), 'policies-'))
  try {
    for (const [name, body] of Object.entries(bodies)) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'policy.yaml'), policyText(name, body))
    }
    const { faults, ...loaded } = await loadPolicies(folder)
    return { ...loaded, faults: faults.map((fault) => ({ ...fault, file: fault.file.slice(folder.length + 1) })) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The policies of texts that are expected to have no fault. */
export async function loadSound(bodies: PolicyTexts): Promise<ReadonlyMap<string, CompiledPolicy>> {
  const { policies, faults } = await loadTexts(bodies)
  if (faults.length > 0) throw new Error(writeFaults(faults))
  return policies
}

export function policyOf(policies: ReadonlyMap<string, CompiledPolicy>, name: string): CompiledPolicy {
  const policy = policies.get(name)
  if (policy === undefined) throw new Error(`no usable policy ${name}`)
  return policy
}

/** One policy without faults, named `tested`. */
export async function loadPolicy(body: string): Promise<CompiledPolicy> {
  return policyOf(await loadSound({ tested: body }), 'tested')
}

/** Facts of a create without certificate, statement or metadata, but for those given. */
export function present(facts: Partial<PresentedFacts>): PresentedFacts {
  const now = new Date('2026-01-01T12:00:00Z')
  const nothing = {
    certificate: null,
    claims: null,
    signature: null,
    hasToken: false,
    sent: {},
    headers: {},
    lookups: {},
    failedLookups: [],
    server: null,
    parameters: {},
  }
  const statementIssuer = (facts.claims ?? null) === null ? '' : 'directory'
  const plain = { operation: 'create', clientId: '', contentType: 'application/json', statementIssuer } as const
  return { ...plain, ...nothing, now, ...facts }
}
