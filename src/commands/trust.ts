import { Command } from 'commander'
import { trustExplainCommand } from './trust-explain.ts'
import { trustImportCommand } from './trust-import.ts'
import { trustShowCommand } from './trust-show.ts'

/** `trust`: whom the gateway trusts to vouch for clients. */
export function trustCommand(): Command {
  const command = new Command('trust').description('look after the folders of trusted issuers')
  for (const sub of [trustShowCommand(), trustExplainCommand(), trustImportCommand()]) command.addCommand(sub)
  return command
}
