import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../architecture/source-files.ts'

/** A command as README.md shows it, without `dcr-gateway`, and what it is said to print. */
export interface CommandExample {
  readonly command: string
  readonly output: string
}

/** All commands of the chapter "Tools" that are shown with what they print. */
export async function readCommandExamples(): Promise<readonly CommandExample[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const chapter = /\n## Tools\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
  return [...chapter.matchAll(/```\n\$ dcr-gateway ([^\n]+)\n([\s\S]*?)```/g)].map(([, command = '', output = '']) => ({
    command,
    output,
  }))
}

/** A line of three dots stands for any number of lines, an ellipsis for what differs from run to run or edition to edition. */
export function matcherOf(output: string): RegExp {
  const lines = output.split('\n').map((line) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = lines
    .join('\n')
    .replaceAll('…', '.*')
    .replaceAll(/^ *\\\.\\\.\\\.\n/gm, '(?:.*\\n)*?')
  return new RegExp(`^${pattern}$`)
}
