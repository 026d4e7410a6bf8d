import { Command } from 'commander'
import { performance } from 'node:perf_hooks'
import { writeFaults } from '../document/write-faults.ts'
import { startGateway, type RunningGateway } from '../gateway.ts'
import { loadGateway } from '../load-gateway.ts'
import type { Clock } from '../model/clock.ts'
import { logNodeWarnings } from '../operations/log-node-warnings.ts'
import { createOperationalLog, type OperationalLog } from '../operations/operational-log.ts'

const systemClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() }

/** `serve`: the gateway itself, until SIGTERM or SIGINT; SIGHUP renews trusted issuers and certificate. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('start the gateway; with any fault in settings, policies or trust folders nothing is started')
    .requiredOption('-c, --config <file>', 'the settings, such as /etc/dcr-gateway/gateway.yaml')
    .action(async ({ config }: { config: string }) => {
      const { plan, faults } = await loadGateway(config, process.env, systemClock.now())
      if (plan === null) {
        process.stderr.write(writeFaults(faults))
        process.exitCode = 1
        return
      }
      const log = createOperationalLog(plan.settings.log.level)
      logNodeWarnings(log)
      try {
        const gateway = await startGateway(plan, systemClock, log)
        stopOnSignal(gateway, log)
        process.on('SIGHUP', () => void gateway.renew())
      } catch (error) {
        log.error('start-failed', { error: error instanceof Error ? error.message : String(error) })
        process.exitCode = 1
      }
    })
}

/** A second signal ends the process at once: whoever sends it does not want to wait for running exchanges. */
function stopOnSignal(gateway: RunningGateway, log: OperationalLog): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1)
    stopping = true
    log.info('signal', { signal })
    gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
}
