import { Command } from 'commander'
import { trustImportCommand } from './trust-import.ts'

/** `trust`: whom the gateway trusts to vouch for clients. */
export function trustCommand(): Command {
  const command = new Command('trust').description('look after the folders of trusted issuers')
  for (const sub of [trustImportCommand()]) command.addCommand(sub)
  return command
}
