import type { LiveTrust } from './certificate/trust/live-trust.ts'
import type { TrustStore } from './certificate/trust/trust-store.ts'
import { loadRenewal, type Renewal } from './load-trusts.ts'
import type { Clock } from './model/clock.ts'
import type { Fault } from './model/fault.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { Settings } from './settings/settings.ts'

export interface RenewingOptions {
  readonly source: { readonly file: string; readonly environment: Environment }
  readonly settings: Settings
  readonly trusts: ReadonlyMap<string, LiveTrust>
  readonly clock: Clock
  readonly log: OperationalLog
  /** What is wrong with new trusted issuers for the endpoints in force. */
  readonly check: (trusts: ReadonlyMap<string, TrustStore>) => readonly Fault[]
  /** For handshakes from now on. @throws when node:tls does not take it, and then keeps the old */
  readonly renewTls: (tls: Settings['tls'], trusts: ReadonlyMap<string, TrustStore>) => void
  readonly onEvent: (event: 'renewed' | 'renewal-refused') => void
}

/**
 * Builds what renews the trusted issuers and the gateway's certificate on a running gateway: all of it or nothing, so that no mixture is
 * ever in force. Connections live on; each is judged anew on its next request. Calls run one after another.
 */
export function createRenewing(options: RenewingOptions): () => Promise<boolean> {
  let running: Promise<unknown> = Promise.resolve()
  return () => {
    const next = running.then(() => renew(options))
    running = next.catch(() => undefined)
    return next
  }
}

async function renew(options: RenewingOptions): Promise<boolean> {
  const { log, onEvent } = options
  const { renewal, faults } = await loadChecked(options)
  const failure = renewal === null ? null : putInForce(renewal, options)
  if (renewal === null || failure !== null) {
    log.error('renewal-refused', { faults, ...(failure === null ? {} : { error: failure }), inForce: 'as before' })
    onEvent('renewal-refused')
    return false
  }
  for (const warning of renewal.warnings) log.warn('mend', { ...warning })
  if (renewal.restartNeeded.length > 0) log.warn('restart-needed', { sections: renewal.restartNeeded })
  log.info('renewed', { trustedIssuers: [...renewal.trusts.keys()] })
  onEvent('renewed')
  return true
}

/** An issuer that two schemes come to share would leave open whose policy judges its clients: that is found before it is in force. */
async function loadChecked({ source, settings, clock, check }: RenewingOptions): ReturnType<typeof loadRenewal> {
  const { renewal, faults } = await loadRenewal(source, settings, clock.now())
  const found = renewal === null ? [] : check(renewal.trusts)
  return found.length === 0 ? { renewal, faults } : { renewal: null, faults: found }
}

/** The step that can fail comes first. */
function putInForce({ tls, trusts }: Renewal, options: RenewingOptions): string | null {
  try {
    options.renewTls(tls, trusts)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  for (const [name, live] of options.trusts) {
    const store = trusts.get(name)
    if (store !== undefined) live.replace(store)
  }
  return null
}
