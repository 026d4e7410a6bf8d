#!/usr/bin/env node
import { Command } from 'commander'
import { bundleCommand } from './commands/bundle.ts'
import { checkCommand } from './commands/check.ts'
import { diffCommand } from './commands/diff.ts'
import { explainCommand } from './commands/explain.ts'
import { readVersion } from './commands/read-version.ts'
import { registrationsCommand } from './commands/registrations.ts'
import { replayCommand } from './commands/replay.ts'
import { schemaCommand } from './commands/schema.ts'
import { serveCommand } from './commands/serve.ts'
import { showCommand } from './commands/show.ts'
import { testCommand } from './commands/test-policies.ts'
import { trustCommand } from './commands/trust.ts'

/** Exit codes: 0 done, 1 faults found, or a refusal explained (nothing was started or changed), 2 wrong usage; `diff` has its own. */
const program = new Command('dcr-gateway')
  .description('decides who may dynamically register an OAuth client at the identity server behind it')
  .version(readVersion())
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .showHelpAfterError()

for (const command of [
  serveCommand(),
  checkCommand(),
  testCommand(),
  bundleCommand(),
  replayCommand(),
  explainCommand(),
  showCommand(),
  diffCommand(),
  schemaCommand(),
  registrationsCommand(),
  trustCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program))
  for (const part of command.commands) part.copyInheritedSettings(program)
}

await program.parseAsync()
