import pino from 'pino'
import type { JsonObject } from '../model/json.ts'
import type { Exchange } from '../model/stages.ts'
import { buildAuditRecord } from './audit-record.ts'
import { LineFile } from './line-file.ts'

export interface AuditTrail {
  /** Writes one line before the answer is sent; never throws. */
  readonly record: (exchange: Exchange, facts?: JsonObject | null) => void
  /** Something that happened to a registration beside its exchanges; only what is listed is ever written. Never throws. */
  readonly note: (event: string, facts: Readonly<Record<string, string | null>>) => void
  /** False from a failed write until the next one that succeeds; nothing new may be decided meanwhile. */
  readonly isWritable: () => boolean
  readonly close: () => void
}

export interface AuditTrailOptions {
  /** Absolute path, or `stdout`. */
  readonly file: string
  /** Gets each line that could not be written, so that it is not lost altogether. */
  readonly onFailure: (error: Error, line: string) => void
}

/**
 * JSON lines, each handed to the operating system when record() returns, so that a crash of the gateway loses none that was answered.
 * The first line says that the trail was opened: a trail that cannot be written is known before anything is decided.
 *
 * @throws when the file cannot be opened; a folder that is not there is not made, for it would hide that its name is misspelt
 */
export function openAuditTrail({ file, onFailure }: AuditTrailOptions): AuditTrail {
  const lines = new LineFile(file)
  let writable = true
  const destination = {
    write: (line: string): void => {
      try {
        lines.write(line)
        writable = true
      } catch (error) {
        writable = false
        onFailure(error instanceof Error ? error : new Error(String(error)), line)
      }
    },
  }
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  )
  logger.info({ event: 'opened' })
  return {
    record: (exchange, facts = null) => logger.info(buildAuditRecord(exchange, facts)),
    note: (event, facts) => logger.info({ event, ...facts }),
    isWritable: () => writable,
    close: () => lines.close(),
  }
}
