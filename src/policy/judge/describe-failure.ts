import { escapeControls } from '../../document/escape-controls.ts'

const TEXT_LIMIT = 400

/** What an expression failed with, for the operator alone: the first line of it, bounded because it may quote the request. */
export function describeFailure(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure)
  return escapeControls(message.split('\n')[0] ?? '').slice(0, TEXT_LIMIT)
}
