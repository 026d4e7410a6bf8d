import { chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Fault } from '../../model/fault.ts'
import { RECORD_FILE } from './import-record.ts'
import type { ImportPlan } from './import-trusted-list.ts'
import { faultIn } from './list-fault.ts'
import { errorCode, namesIn } from './read-import-sources.ts'

/** What is written is for the gateway's user to read, who need not be the one who imports. */
const FOLDER_MODE = 0o755
const FILE_MODE = 0o644

/**
 * Writes a whole new folder beside the old one and puts it in its place, so that nobody ever reads half of it. What else an operator
 * keeps in the folder, such as held intermediates, comes along. Between two renames there is no folder for a moment: whoever looks just
 * then finds nothing to trust. With any fault the old folder stays.
 */
export async function installTrustFolder(folder: string, plan: ImportPlan): Promise<readonly Fault[]> {
  try {
    await install(resolve(folder), plan)
    return []
  } catch (failure) {
    return [faultIn(folder, { wanted: 'a folder that can be written', found: errorCode(failure) })]
  }
}

async function install(target: string, { files, record }: ImportPlan): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(join(dirname(target), `.${basename(target)}.import-`))
  try {
    const fresh = join(work, 'new')
    await makeFolder(fresh)
    await carryOver(target, fresh)
    await makeFolder(join(fresh, 'roots'))
    for (const { name, text } of files) await writeNew(join(fresh, 'roots', name), text)
    await writeNew(join(fresh, RECORD_FILE), record)
    await swap(target, fresh, join(work, 'old'))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** By `chmod`, since whatever mask the importing user has would leave the gateway's user outside. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder)
  await chmod(folder, FOLDER_MODE)
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' })
  await chmod(file, FILE_MODE)
}

async function carryOver(from: string, to: string): Promise<void> {
  for (const name of await namesIn(from)) {
    if (name === 'roots' || name === RECORD_FILE) continue
    await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  }
}

async function swap(target: string, fresh: string, old: string): Promise<void> {
  const hadOne = await moveIfThere(target, old)
  try {
    await rename(fresh, target)
  } catch (failure) {
    if (hadOne) await rename(old, target)
    throw failure
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (failure) {
    if (errorCode(failure) === 'ENOENT') return false
    throw failure
  }
}
