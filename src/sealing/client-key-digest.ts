import { digestOf } from './digest.ts'

/** Names the software of a client without telling which it is. Software of different directories never meets, whatever its parties call it. */
export function clientKeyDigest(directory: string | null, clientKey: string | null): string | null {
  return clientKey === null ? null : digestOf('client key', directory, clientKey)
}
