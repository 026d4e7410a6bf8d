import type { ClientUpkeep } from '../model/client-upkeep.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { openKept } from './kept-client.ts'
import type { RegistrationRecord } from './registration-record.ts'

export interface ClearingOptions {
  readonly upkeep: ClientUpkeep
  readonly ring: KeyRing
}

/** `unsearchable` where the operator named no way to look for clients: nobody but he can tell then. */
export type Cleared = 'nothing-left' | 'unsearchable' | 'failed'

/** Removes the client that a record tells of, by its own token, or by the operator's way. Whether it is gone. */
export async function removeClient(
  { kept, clientId }: RegistrationRecord,
  { upkeep, ring }: ClearingOptions,
): Promise<boolean> {
  const { place = null, token = null } = (kept === null ? null : await openKept(ring, kept)) ?? {}
  if (place !== null && token !== null && (await upkeep.remove(place, token))) return true
  return clientId === null ? false : ((await upkeep.administration?.remove(clientId)) ?? false)
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
