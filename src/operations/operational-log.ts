import pino from 'pino'

/** What the gateway tells its operator about itself; decisions are in the audit trail instead. */
export interface OperationalLog {
  readonly info: (event: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly warn: (event: string, facts?: Readonly<Record<string, unknown>>) => void
  readonly error: (event: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** JSON lines on standard error, so that standard output is free for the audit trail. */
export function createOperationalLog(level: string): OperationalLog {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  )
  return {
    info: (event, facts = {}) => logger.info({ event, ...facts }),
    warn: (event, facts = {}) => logger.warn({ event, ...facts }),
    error: (event, facts = {}) => logger.error({ event, ...facts }),
  }
}
