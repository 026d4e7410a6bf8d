import type { ChainableCommander, RedisCommander } from 'ioredis'

/** The commands that a server and a cluster have in common; in a cluster all keys of one command must have one hash tag. */
export type RedisCommands = RedisCommander<{ type: 'default'; mapping: 'resp2' }> & {
  /** Commands that go over one connection, to one server, one after the other. */
  readonly pipeline: () => ChainableCommander
}

/** One of the ways to a Redis. It comes back by itself, and what it cannot ask now fails now. */
export interface RedisClient {
  /** Null while nobody is known who may be asked. */
  readonly commands: () => RedisCommands | null
  /** Those that between them hold all the data, as far as they are known. */
  readonly primaries: () => readonly Pick<RedisCommands, 'ping'>[]
  /** Whether somebody is there for every part of the data. */
  readonly isWhole: () => boolean
  /** After a server said that another one has the data now. */
  readonly relocate: () => void
  /** Begins, and tells of the outcome as of all later ones. */
  readonly connect: () => void
  readonly close: () => void
}

/** What a client tells, as often as it happens. */
export interface RedisNews {
  readonly onReady: () => void
  /** Null where nobody said why. */
  readonly onFailure: (detail: string | null) => void
}
