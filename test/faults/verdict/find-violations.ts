import { setTimeout as sleep } from 'node:timers/promises'
import { runAll } from '../run-all.ts'
import type { Grant, Software } from '../registrant/software.ts'
import { sendAs } from '../../support/registrant.ts'
import { LEASE_MS, SWEEP_INTERVAL_MS } from '../world/gateway-settings.ts'
import type { LiveClient, World } from '../world/open-world.ts'
import { groupBy } from './group-by.ts'
import { INVARIANTS, SETTLED, type Ending, type Invariant } from './invariants.ts'

export interface Violation {
  readonly invariant: string
  /** Null where it is of no software that took part. */
  readonly software: Software | null
  readonly what: string
}

/** The longest that the sweeper may take for what the last faults left behind. */
const SETTLING_LIMIT_MS = 20_000
const READERS = 8

/** Waits until all is up and settled, or has had its time, and holds every software to the invariants. */
export async function findViolations(world: World, all: readonly Software[]): Promise<readonly Violation[]> {
  await world.whenAllUp()
  const giveUpAt = Date.now() + SETTLING_LIMIT_MS
  while (Date.now() < giveUpAt && check(SETTLED, await endingsOf(world, all)).length > 0) await sleep(SWEEP_INTERVAL_MS)
  // A sweeper that goes too far would do so now.
  await sleep(LEASE_MS + 3 * SWEEP_INTERVAL_MS)
  const read = new Map<Grant, string>()
  const live = await world.liveClients()
  const reads = all.flatMap((software) => software.grants.map((grant) => ({ software, grant })))
  await runAll(reads, READERS, async ({ software, grant }) => {
    if (live.some(({ client_id }) => client_id === grant.clientId))
      read.set(grant, await readClient(world, software, grant))
  })
  const known = new Set(all.map(({ softwareId }) => softwareId))
  return [
    ...check(INVARIANTS, await endingsOf(world, all, read)),
    ...world.crashes.map((what) => ({ invariant: 'no process ends by itself', software: null, what })),
    ...live
      .filter(({ software_id }) => !known.has(software_id))
      .map(({ client_id }) => ({ invariant: 'every client is of a software', software: null, what: client_id })),
  ]
}

function check(invariants: readonly Invariant[], endings: readonly Ending[]): readonly Violation[] {
  return invariants.flatMap(({ name, violations }) =>
    endings.flatMap((ending) =>
      violations(ending).map((what) => ({ invariant: name, software: ending.software, what })),
    ),
  )
}

async function endingsOf(
  world: World,
  all: readonly Software[],
  read: ReadonlyMap<Grant, string> = new Map(),
): Promise<readonly Ending[]> {
  const live = groupBy(await world.liveClients(), ({ software_id }) => software_id)
  return all.map((software) => ({
    ...{ software, read, recovery: world.recovery },
    live: (live.get(software.softwareId) ?? []).map(({ client_id }: LiveClient) => client_id),
  }))
}

async function readClient(world: World, software: Software, { uri, token }: Grant): Promise<string> {
  const { pathname, search } = new URL(uri)
  const url = `https://127.0.0.1:${world.portOf(software.number % 2 === 0 ? 'A' : 'B')}${pathname}${search}`
  const headers = { authorization: `Bearer ${token}` }
  try {
    const { status, body } = await sendAs(software.identity, { method: 'GET', url, headers })
    return `${status} ${String(body['client_id'])}`
  } catch (failure) {
    return String(failure)
  }
}
