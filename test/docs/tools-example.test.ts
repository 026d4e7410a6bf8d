import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { matcherOf, readCommandExamples } from './command-examples.ts'
import { writeToolsFolder } from './tools-folder.ts'

const examples = await readCommandExamples()
/** It needs decisions of a gateway: test/integration/replay.test.ts. */
const runnable = examples.filter(({ command }) => !command.startsWith('replay '))

let folder: string
beforeAll(async () => (folder = await writeToolsFolder()))
afterAll(() => rm(folder, { recursive: true }))

/** What a command prints, wherever it prints it; the folder of the example is left out. */
async function print(command: string): Promise<string> {
  const words = command.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? []
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'dist/main.js'), ...words], { cwd: folder }, (_, out, err) =>
      resolve(`${out}${err}`.replaceAll(`${folder}/`, '')),
    )
  })
}

describe('the tools of README.md', () => {
  it('are shown at work, each of them', () => {
    expect(new Set(examples.map(({ command }) => command.split(' ')[0]))).toEqual(
      new Set(['check', 'test', 'explain', 'show', 'diff', 'replay', 'bundle']),
    )
  })

  it.each(runnable)('print what it shows of $command', async ({ command, output }) => {
    expect(await print(command)).toMatch(matcherOf(output))
  })
})
