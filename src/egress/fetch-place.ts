import { createHash } from 'node:crypto'

/**
 * Who has a say in where a fetch goes: a registrant names any host, or an address on a host that policy or operator list, or policy or
 * operator have pinned the whole address; what the identity server says of itself is a kind of its own.
 */
export type AddressChoice = 'any-host' | 'listed-host' | 'pinned' | 'server-metadata'

/** Where a fetch goes, for whoever keeps account of hosts. */
export interface FetchPlace {
  readonly choice: AddressChoice
  /** With its port: one that listens on another port is another server, though it answers for the same host. */
  readonly host: string
  /** The same host under other authorities may be somebody else, or nobody who is believed. */
  readonly authorities: string
}

export function fetchPlace({ hostname, port, protocol }: URL, choice: AddressChoice, ca: string | null): FetchPlace {
  const host = `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
  const authorities = ca === null ? 'public' : createHash('sha256').update(ca).digest('base64url')
  return { choice, host, authorities }
}
