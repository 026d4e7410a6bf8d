import { readFileSync } from 'node:fs'

/** The version in package.json, which stands beside `src` and `dist` alike. @throws when it is not there, as in a broken installation */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version?: unknown
  }
  return String(version)
}
