import { Command, Option } from 'commander'
import { performance } from 'node:perf_hooks'
import { writeFaults } from '../document/write-faults.ts'
import type { Clock } from '../model/clock.ts'
import { createOperationalLog } from '../operations/operational-log.ts'
import { loadSettings } from '../settings/load-settings.ts'
import {
  openTending,
  RegistryUnavailable,
  type HowToSettle,
  type NamedRecord,
  type Tending,
} from '../tend-registrations.ts'
import { writeRegistration, writeRegistrations } from './write-registrations.ts'
import { writeSettlement } from './write-settlement.ts'

const systemClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() }

interface Options {
  readonly config: string
}

/** `registrations`: what the gateway remembers of registrations, for support staff; beside gateways that run. */
export function registrationsCommand(): Command {
  const command = new Command('registrations').description('look after what is remembered of registrations')
  for (const sub of [listCommand(), showCommand(), settleCommand()]) command.addCommand(sub)
  return command
}

function listCommand(): Command {
  return withConfig(new Command('list'))
    .description('print a line for each registration that is remembered')
    .addOption(
      new Option('--state <state>', 'those in this state alone').choices(
        'sent unknown granted undelivered settled deleting'.split(' '),
      ),
    )
    .option('--json', 'print JSON lines')
    .action(async ({ config, state, json = false }: Options & { state?: string; json?: boolean }) => {
      await tend(config, async ({ list }) => {
        const found: NamedRecord[] = []
        for await (const entry of list()) if (state === undefined || entry.record?.state === state) found.push(entry)
        process.stdout.write(
          json ? found.map((entry) => `${JSON.stringify(shown(entry))}\n`).join('') : writeRegistrations(found),
        )
      })
    })
}

function showCommand(): Command {
  return withConfig(new Command('show'))
    .description('print all that is remembered of a registration')
    .argument(
      '<id>',
      'decision id of an attempt, client id, client key of the policy (such as a software id), or the name of the record',
    )
    .option('--json', 'print JSON lines')
    .action(async (id: string, { config, json = false }: Options & { json?: boolean }) => {
      await tend(config, async (tending) => {
        const found = await find(tending, id)
        for (const entry of found)
          process.stdout.write(json ? `${JSON.stringify(shown(entry))}\n` : writeRegistration(entry))
        if (found.length === 0) fail(`no registration is remembered of ${JSON.stringify(id)}`)
      })
    })
}

function settleCommand(): Command {
  return withConfig(new Command('settle'))
    .description(
      'clear up a registration now: look for what it left behind at the identity server, or finish its deletion',
    )
    .argument('<id>', 'as with show; it must name one registration')
    .option('--remove', 'remove its client at the identity server, so that the software can register anew')
    .option('--forget', 'ask nobody and forget the registration: its client, if there is one, was looked after by hand')
    .action(
      async (
        id: string,
        { config, remove = false, forget = false }: Options & { remove?: boolean; forget?: boolean },
      ) => {
        if (remove && forget) {
          fail('--remove and --forget exclude each other')
          return
        }
        const how: HowToSettle = forget ? 'forget' : remove ? 'remove' : 'now'
        await tend(config, async (tending) => {
          const [only, ...others] = await find(tending, id)
          if (only === undefined) {
            fail(`no registration is remembered of ${JSON.stringify(id)}`)
            return
          }
          if (others.length > 0) {
            fail(`${others.length + 1} registrations are remembered of it; give the name of one record`)
            return
          }
          const settlement = await tending.settle(only.name, how)
          process.stdout.write(writeSettlement(only, how, settlement))
          if (!settlement.isFree || settlement.events.some(({ kind }) => kind === 'registration-unsettled'))
            process.exitCode = 1
        })
      },
    )
}

function withConfig(command: Command): Command {
  return command.requiredOption('-c, --config <file>', 'the settings of the gateway')
}

async function tend(config: string, work: (tending: Tending) => Promise<void>): Promise<void> {
  const { settings, faults } = await loadSettings(config, process.env, systemClock.now())
  if (settings === null) {
    process.stderr.write(writeFaults(faults, 'nothing done'))
    process.exitCode = 1
    return
  }
  if (settings.state.kind === 'memory') {
    fail('state.kind is memory: what is remembered lives in the running gateway alone')
    return
  }
  const tending = await openTending(settings, systemClock, createOperationalLog('fatal'))
  try {
    await work(tending)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    fail(`the state cannot be asked: ${failure.detail}`)
  } finally {
    await tending.close()
  }
}

async function find({ list }: Tending, id: string): Promise<readonly NamedRecord[]> {
  const found: NamedRecord[] = []
  for await (const { name, record } of list()) {
    const names = [name, record?.id, record?.attempt, record?.clientId, record?.clientKey, ...(record?.doubtful ?? [])]
    if (names.includes(id)) found.push({ name, record })
  }
  return found
}

/** Without what is kept of credentials, sealed as it is. */
function shown({ name, record }: NamedRecord): object {
  if (record === null) return { name, record: null }
  const { kept, ...facts } = record
  return { name, ...facts, keepsCredentials: kept !== null }
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
