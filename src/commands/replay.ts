import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { tryParseCertificate } from '../certificate/parse/try-parse-certificate.ts'
import { describeMissing } from '../document/describe-missing.ts'
import { writeFaults } from '../document/write-faults.ts'
import type { CertificateFacts } from '../model/client.ts'
import type { Fault } from '../model/fault.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'
import { loadPolicies } from '../policy/load-policies.ts'
import { readFacts } from '../policy/replay/read-facts.ts'
import { replayDecision } from '../policy/replay/replay-decision.ts'
import { ReplayReport, type ReplayFormat } from './write-replay.ts'

interface Options {
  readonly policy: string
  readonly of?: string
  readonly json: boolean
}

/** `replay`: past decisions of an audit trail, made again by another edition of their policy. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'decide the decisions of an audit trail again by another policy, and say which would come out otherwise',
    )
    .argument('<audit>', 'audit trail, JSON lines')
    .requiredOption('--policy <folder>', 'folder of the policy to decide by, such as new/open-finance-brasil')
    .option('--of <name>', 'decisions of this policy; of the one with the same name when left out')
    .option('--json', 'one JSON line a decision that differs, then one for the whole', false)
    .action(async (audit: string, { policy: folder, of, json }: Options) => {
      const loaded = await loadOne(folder)
      if ('faults' in loaded) {
        process.stderr.write(writeFaults(loaded.faults, 'nothing replayed'))
        process.exitCode = 1
        return
      }
      await replayAll(audit, loaded.policy, of ?? loaded.policy.name, json ? 'json' : 'text')
    })
}

async function loadOne(
  folder: string,
): Promise<{ readonly policy: CompiledPolicy } | { readonly faults: readonly Fault[] }> {
  const file = join(folder, 'policy.yaml')
  // The folders beside it are read as well, for what it extends: without it, their faults would hide that it is not there.
  const missing = await access(file).then(
    () => null,
    (failure: unknown) => describeMissing(failure, file),
  )
  if (missing !== null) return { faults: [policyFault(folder, missing)] }
  const { policies, faults } = await loadPolicies(dirname(resolve(folder)))
  const policy = policies.get(basename(resolve(folder)))
  if (policy !== undefined) return { policy }
  if (faults.length > 0) return { faults }
  return { faults: [policyFault(folder, 'none')] }
}

function policyFault(folder: string, found: string): Fault {
  const wanted = 'the folder of a policy, such as policies/open-finance-brasil'
  return { file: folder, line: 0, column: 0, path: '--policy', wanted, found }
}

async function replayAll(audit: string, policy: CompiledPolicy, of: string, format: ReplayFormat): Promise<void> {
  const report = new ReplayReport(policy, of, format)
  try {
    // Trails grow for months: one line at a time, whatever their size.
    for await (const line of createInterface({ input: createReadStream(audit), crlfDelay: Infinity })) {
      if (line.trim() === '') continue
      const recorded = readFacts(line, parse)
      if (typeof recorded === 'string') report.skip(recorded)
      else if (recorded.policy.name !== of) report.skip('of another policy')
      else process.stdout.write(report.add(replayDecision(policy, recorded)))
    }
    process.stdout.write(report.finish())
  } catch (failure) {
    const fault = {
      file: audit,
      line: 0,
      column: 0,
      path: '',
      wanted: 'an audit trail',
      found: describeMissing(failure, audit),
    }
    process.stderr.write(writeFaults([fault], 'nothing more replayed'))
    process.exitCode = 1
  }
}

function parse(der: Buffer): CertificateFacts | null {
  const parsed = tryParseCertificate(der)
  return parsed instanceof Error ? null : parsed.facts
}
