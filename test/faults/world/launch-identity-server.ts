import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../architecture/source-files.ts'
import type { IdentityServerTask } from './identity-server-process.ts'
import { launch } from './launch.ts'

const PROGRAM = join(ROOT, 'test/faults/world/identity-server-process.ts')

/** Starts the identity server in a process of its own; its clients are those in the file that the task names. */
export async function launchIdentityServer(folder: string, task: IdentityServerTask): Promise<ChildProcess> {
  const file = join(folder, 'identity-server.json')
  await writeFile(file, JSON.stringify(task))
  return launch({
    command: process.execPath,
    words: ['--import', 'tsx', PROGRAM, file],
    logFile: join(folder, 'identity-server.log'),
    readyWhen: 'identity server ready',
  })
}
