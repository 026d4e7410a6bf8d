import type { ClientAdministration, ClientUpkeep } from '../model/client-upkeep.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { openKept } from './kept-client.ts'
import { isInUse, type RegistrationRecord } from './registration-record.ts'

export interface ClearingOptions {
  readonly upkeep: ClientUpkeep
  readonly ring: KeyRing
}

/**
 * Takes the record's lease for another lifetime, in which one step at the identity server has room; false where it was lost: somebody else
 * may have begun since then, and what is found may be his.
 */
export type KeepLease = () => Promise<boolean>

/** `unsearchable` where there is no way to look for the client, or to remove it: nobody but the operator can tell then. */
export type Cleared = 'nothing-left' | 'unsearchable' | 'failed'

/**
 * Removes the client that a record tells of: by the operator's way, which knows what there is, or by the client's own token, where an identity
 * server answers 401 to one that is gone. `by hand` believes the record its client id; otherwise it must be sealed together with what is
 * kept, so that who can write to the store cannot have anybody's client removed.
 */
export async function removeClient(
  record: RegistrationRecord,
  clearing: ClearingOptions,
  keepLease: KeepLease,
  whose: 'sealed' | 'by hand' = 'sealed',
): Promise<Cleared> {
  const { administration } = clearing.upkeep
  if (!(await keepLease())) return 'failed'
  const client = await openKept(clearing.ring, record)
  const clientId = client !== null || whose === 'by hand' ? record.clientId : null
  if (administration !== null && clientId !== null && (await administration.remove(clientId))) return 'nothing-left'
  const { place = null, token = null } = client ?? {}
  if (place !== null && token !== null) {
    const removal = (await keepLease()) ? await clearing.upkeep.remove(place, token) : 'failed'
    // The token of a client in use may have been replaced in an answer that not even the gateway got.
    if (removal !== 'denied' || !isInUse(record)) return removal === 'failed' ? 'failed' : 'nothing-left'
  }
  if (clientId === null) return removeMarked(record, null, clearing, keepLease)
  return administration === null ? 'unsearchable' : 'failed'
}

/**
 * Whether the client of a record is there; null where nobody knows. It is gone only when all who can be asked say so: a list may lag behind,
 * or be of an identity server that keeps no mark, and a token may have been replaced.
 */
export async function isThere(record: RegistrationRecord, { upkeep, ring }: ClearingOptions): Promise<boolean | null> {
  const { id, clientId } = record
  const { place = null, token = null } = (await openKept(ring, record)) ?? {}
  const canAsk = place !== null && token !== null
  if (upkeep.administration === null || clientId === null) return canAsk ? upkeep.isLive(place, token) : true
  const isKnown = await isKnownTo(upkeep.administration, id, clientId)
  return isKnown === false && canAsk ? upkeep.isLive(place, token) : isKnown
}

/** By list and by id: an address that is wrong answers 404 to every id. */
export async function isKnownTo(
  { search, isThere: lookUp }: ClientAdministration,
  mark: string,
  clientId: string,
): Promise<boolean | null> {
  const isListed = (await search(mark))?.includes(clientId) ?? null
  return isListed === false && lookUp !== null ? lookUp(clientId) : isListed
}

/**
 * Removes every client that attempts whose end is unknown may have left behind, and leaves `except`, which is somebody's. Each attempt of a
 * registration has the same mark, so that one which the identity server finished late is found with the next.
 */
export async function removeMarked(
  { id, doubtful }: RegistrationRecord,
  except: string | null,
  { upkeep }: ClearingOptions,
  keepLease: KeepLease,
): Promise<Cleared> {
  const { administration } = upkeep
  if (administration === null) return 'unsearchable'
  for (const mark of new Set([id, ...doubtful])) {
    const found = (await keepLease()) ? await administration.search(mark) : null
    if (found === null) return 'failed'
    for (const clientId of found) {
      if (clientId === except) continue
      if (!(await keepLease()) || !(await administration.remove(clientId))) return 'failed'
    }
  }
  return 'nothing-left'
}
