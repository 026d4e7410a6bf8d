import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Only the gateway's user may read and change what is believed of certificates. */
const MODE = 0o600

/** Left behind by a process that ended while it wrote. */
export const TEMPORARY_NAME = /^\.[0-9a-f-]{36}\.tmp$/

/** The name stands for the old content or for the new one, and after a power cut too, never for half of it. @throws ErrnoException */
export async function writeFileAtomically(folder: string, name: string, content: Buffer): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}.tmp`)
  try {
    // Exclusive: a link that somebody put there is not followed.
    const file = await open(temporary, 'wx', MODE)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, join(folder, name))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}
