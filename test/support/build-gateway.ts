import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** Builds dist/ unless it is newer than everything it is made of, so that tests of the built gateway never try yesterday's. */
export function buildGateway(root = ROOT, build: () => void = () => runBuild(root)): void {
  const built = join(root, 'dist/main.js')
  if (existsSync(built) && timeOf(built) > newestSource(root)) return
  build()
}

/** Types are another command's business: a type that does not fit yet must not keep anybody from running a test. */
function runBuild(root: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', 'src/tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  })
}

function newestSource(root: string): number {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => join('src', name))
  // Folders as well: a file that is gone leaves no other trace.
  return Math.max(...[...sources, 'tsconfig.json', 'package.json'].map((path) => timeOf(join(root, path))))
}

function timeOf(path: string): number {
  return statSync(path).mtimeMs
}
