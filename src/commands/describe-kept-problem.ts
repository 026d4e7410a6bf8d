import type { RevocationEvent } from '../certificate/revocation/store/revocation-event.ts'

/** What is wrong with a file or the folder of kept answers, in words; null for events of another kind. */
export function describeKeptProblem(event: RevocationEvent): string | null {
  if (event.kind === 'revocation-file-ignored') return `${event.file} is ${event.problem}`
  if (event.kind === 'revocation-folder-failed') return `reading failed with ${event.code}`
  return null
}
