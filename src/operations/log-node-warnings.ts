import type { OperationalLog } from './operational-log.ts'

/**
 * Takes the place of Node's own printer, which writes plain text between the JSON lines on standard error: Node 26 does at the first request
 * that is forwarded, since http-proxy calls what is deprecated there. A deprecation is for those who make this gateway; anything else, such
 * as a leak of listeners, is for its operator.
 */
export function logNodeWarnings(log: OperationalLog): void {
  process.removeAllListeners('warning').on('warning', (warning) => {
    const { name, message, code }: Error & { readonly code?: string } = warning
    const level = name === 'DeprecationWarning' ? 'info' : 'warn'
    log[level]('node-warning', { name, code, message })
  })
}
