import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface SourceFile {
  /** Path from the root, such as `src/policy/decide.ts`. */
  readonly path: string
  readonly text: string
  /** Files of the project it imports, type-only imports included. */
  readonly imports: readonly string[]
  /** Packages and `node:` modules it imports. */
  readonly packages: readonly string[]
  /** Those of which it imports values, not types alone. */
  readonly usedPackages: readonly string[]
}

/** Every TypeScript file of src, with what it imports. */
export function readSources(): readonly SourceFile[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join('src', name)))
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName)
  const imports = specifiers
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, resolve(ROOT, dirname(path), name)))
  const packages = specifiers.filter((name) => !name.startsWith('.'))
  const typesOnly = new Set([...text.matchAll(/^import type [^;]*? from '([^']+)'/gm)].map(([, name]) => name))
  const valuesToo = new Set([...text.matchAll(/^import (?!type )[^;]*? from '([^']+)'/gm)].map(([, name]) => name))
  const usedPackages = packages.filter((name) => valuesToo.has(name) || !typesOnly.has(name))
  return { path, text, imports, packages, usedPackages }
}

/** First folder below src, or `(root)` for files directly in it. */
export function roomOf(path: string): string {
  const parts = path.split('/')
  return parts.length > 2 ? (parts[1] ?? '(root)') : '(root)'
}
