import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { writeToolsFolder } from './tools-folder.ts'

const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
const section = /\n## Tools\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
const examples = [...section.matchAll(/```\n\$ dcr-gateway ([^\n]+)\n([\s\S]*?)```/g)].map(
  ([, command = '', output = '']) => ({
    command,
    output,
  }),
)

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

/** A line of three dots stands for any number of lines, an ellipsis for what changes with every edition of the policies. */
function matcherOf(output: string): RegExp {
  const lines = output.split('\n').map((line) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = lines
    .join('\n')
    .replaceAll('…', '.*')
    .replaceAll(/^ *\\\.\\\.\\\.\n/gm, '(?:.*\\n)*?')
  return new RegExp(`^${pattern}$`)
}

describe('the tools of README.md', () => {
  it('are shown at work, each of them', () => {
    expect(new Set(examples.map(({ command }) => command.split(' ')[0]))).toEqual(
      new Set(['check', 'test', 'explain', 'show', 'diff']),
    )
  })

  it.each(examples)('print what it shows of $command', async ({ command, output }) => {
    expect(await print(command)).toMatch(matcherOf(output))
  })
})
