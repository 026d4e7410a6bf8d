import type { ManagedClient } from '../model/managed-client.ts'
import { isWaiting, readRecord, type RegistrationRecord } from './registration-record.ts'

/** The record of a client that is managed; null where nothing is remembered of it: another one may have its place by now. */
export function managedRecord(text: string | null, { clientId }: ManagedClient): RegistrationRecord | null {
  const record = text === null ? null : readRecord(text)
  return record?.clientId === clientId ? record : null
}

/**
 * The record of a client whose owner came with its token: he has the answer with it. The sweeper goes on from there, since attempts before
 * that one may have left something behind.
 */
export function broughtIntoUse(found: RegistrationRecord, nowMs: number): RegistrationRecord {
  return isWaiting(found) ? { ...found, state: 'granted', keptUntilMs: null, dueMs: nowMs } : found
}

export const BUSY = {
  reason: 'registration-in-progress',
  at: 'registration',
  message: 'another request is changing this client',
  wanted: 'one change at a time',
} as const
