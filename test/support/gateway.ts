import { performance } from 'node:perf_hooks'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startGateway, type RunningGateway } from '../../src/gateway.ts'
import { loadGateway } from '../../src/load-gateway.ts'
import type { ResolveHost } from '../../src/egress/egress-rules.ts'
import { writeFaults } from '../../src/document/write-faults.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { OperationalLog } from '../../src/operations/operational-log.ts'
import type { Laboratory } from './laboratory.ts'

export const systemClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() }

/** What the gateway logged, for tests to look at. */
export interface LogEntry {
  readonly level: string
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export function recordingLog(entries: LogEntry[]): OperationalLog {
  const at =
    (level: string) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) =>
      void entries.push({ level, event, facts })
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** Starts a gateway inside the test's process, from the laboratory's settings file as an operator would. */
export async function startLaboratoryGateway(
  laboratory: Laboratory,
  clock: Clock = systemClock,
  log: LogEntry[] = [],
  resolveHost?: ResolveHost,
): Promise<RunningGateway> {
  const { plan, faults } = await loadGateway(laboratory.configFile, laboratory.environment, clock.now())
  if (plan === null) throw new Error(writeFaults(faults))
  return startGateway(plan, clock, recordingLog(log), resolveHost)
}

/** The decisions of the audit trail so far, without the line that says that the trail was opened. */
export async function readAudit(laboratory: Laboratory): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(laboratory.folder, 'audit.jsonl'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'decision')
}
