import type { ClientUpkeep } from '../model/client-upkeep.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { openKept } from './kept-client.ts'
import type { RegistrationRecord } from './registration-record.ts'

export interface ClearingOptions {
  readonly upkeep: ClientUpkeep
  readonly ring: KeyRing
}

/** `unsearchable` where there is no way to look for the client, or to remove it: nobody but the operator can tell then. */
export type Cleared = 'nothing-left' | 'unsearchable' | 'failed'

/** Removes the client that a record tells of, by its own token, or by the operator's way. */
export async function removeClient(
  { kept, clientId }: RegistrationRecord,
  { upkeep, ring }: ClearingOptions,
): Promise<Cleared> {
  const { place = null, token = null } = (kept === null ? null : await openKept(ring, kept)) ?? {}
  const hasToken = place !== null && token !== null
  if (hasToken && (await upkeep.remove(place, token))) return 'nothing-left'
  if (clientId === null || upkeep.administration === null) return hasToken ? 'failed' : 'unsearchable'
  return (await upkeep.administration.remove(clientId)) ? 'nothing-left' : 'failed'
}

/**
 * Removes every client that attempts whose end is unknown may have left behind, and leaves `except`, which is somebody's. Each attempt of a
 * registration has the same mark, so that one which the identity server finished late is found with the next.
 */
export async function removeMarked(
  { id, doubtful }: RegistrationRecord,
  except: string | null,
  { upkeep }: ClearingOptions,
): Promise<Cleared> {
  const { administration } = upkeep
  if (administration === null) return 'unsearchable'
  for (const mark of new Set([id, ...doubtful])) {
    const found = await administration.search(mark)
    if (found === null) return 'failed'
    for (const clientId of found) {
      if (clientId !== except && !(await administration.remove(clientId))) return 'failed'
    }
  }
  return 'nothing-left'
}
