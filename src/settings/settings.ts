import type { JsonObject } from '../model/json.ts'
import type { Management } from '../model/management.ts'
import type { Operation } from '../model/operation.ts'
import type { Directory } from '../model/policy.ts'
import type { RateLimit } from '../model/rate-limit.ts'
import type { RedisTopology } from '../model/redis-topology.ts'
import type { Secret } from '../model/secret.ts'
import type { TlsSettings } from '../model/tls-settings.ts'

/** All that an operator set, checked: contents of files instead of their names, secrets as `Secret`, durations in ms, sizes in bytes. */
export interface Settings {
  readonly listen: ListenSettings
  readonly tls: TlsSettings
  /** Name to absolute folder of trusted issuers. */
  readonly trust: Readonly<Record<string, string>>
  /** Directories the operator pins, besides those that a policy publishes. */
  readonly directories: readonly Directory[]
  readonly softwareKeys: SoftwareKeysSettings
  readonly sealing: SealingSettings
  readonly upstream: UpstreamSettings
  readonly lookups: LookupSettings
  readonly policies: PoliciesSettings
  readonly endpoints: readonly EndpointSettings[]
  readonly state: StateSettings
  readonly audit: AuditSettings
  readonly log: { readonly level: LogLevel }
  readonly operations: { readonly host: string; readonly port: number }
  /** Absolute. */
  readonly revocation: { readonly folder: string | null }
  readonly reload: { readonly pollIntervalMs: number }
  readonly limits: LimitSettings
  readonly rates: RateSettings
}

export interface ListenSettings {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Origin as registrants see it: scheme, host and port without a path or a slash at the end. */
  readonly publicUrl: string
}

/** An absolute folder, or what signed bundles are made of: files absolute, contents read and nothing of them verified. */
export type PoliciesSettings =
  | { readonly folder: string }
  | {
      readonly bundles: readonly {
        readonly file: string
        readonly bytes: Buffer
        readonly signature: string
        readonly sha256: string | null
      }[]
      readonly signers: { readonly file: string; readonly text: string }
    }

/** From where the keys of signed requests may come, besides what a policy allows. */
export interface SoftwareKeysSettings {
  /** Null where the policy alone says which. */
  readonly hosts: readonly string[] | null
  readonly allowPrivateAddresses: boolean
  /** PEM bundle; null for the public authorities that Node ships. */
  readonly ca: string | null
}

/** The newest key first. */
export interface SealingSettings {
  readonly keys: readonly { readonly id: string; /** 32 bytes, base64url. */ readonly key: Secret }[]
}

export interface UpstreamSettings {
  readonly registrationUrl: string
  /** PEM bundle; null for the public authorities that Node ships. */
  readonly ca: string | null
  readonly clientCertificate: { readonly certificate: string; readonly privateKey: Secret } | null
  /** What the gateway itself presents when it registers. */
  readonly initialAccessToken: Secret | null
  readonly management: Management
  /** Whether reading a client gives it a new token. */
  readonly rotatesOnRead: boolean
  /** Whether clients are managed that were registered before the gateway stood there. */
  readonly earlierClients: 'refuse' | 'admit'
  readonly administration: AdministrationSettings | null
  /** Where metadata (RFC 8414) are published; null when they are not fetched. */
  readonly metadataUrl: string | null
  /** What becomes of requests whose policy looks at metadata of which nothing is known yet. */
  readonly unknownMetadata: 'refuse' | 'admit'
  /** Metadata that the operator wrote down; null when there are none. */
  readonly metadata: JsonObject | null
  readonly timeoutMs: number
  readonly maxSockets: number
  readonly responseLimitBytes: number
  /** Request headers let through to the identity server, lower case. */
  readonly passHeaders: readonly string[]
}

/** The operator's own way to the clients of the identity server. */
export interface AdministrationSettings {
  /** With `{mark}` in it. */
  readonly searchUrl: string
  /** With `{client_id}` in it; of the same origin. */
  readonly removeUrl: string
  /** The same; null for none. */
  readonly lookUpUrl: string | null
  readonly token: Secret | null
  readonly markMember: string
}

/** How documents are fetched that policies look up; all but the time is for hosts that policies list. */
export interface LookupSettings {
  readonly timeoutMs: number
  /** PEM bundle; null for the public authorities that Node ships. */
  readonly ca: string | null
  readonly ports: readonly number[]
  readonly allowPrivateAddresses: boolean
}

export interface EndpointSettings {
  /** Unlike that of any other endpoint. */
  readonly name: string
  /** In lower case; null where no endpoint names one. */
  readonly host: string | null
  readonly path: string
  readonly operations: readonly Operation[]
  /** Null for all that the policy takes. */
  readonly contentTypes: readonly string[] | null
  readonly policy: string
  /** A key of `trust`. */
  readonly trustedIssuers: string
  /** Directories of the policy or of this file; which of them exist is known to the composition root alone. */
  readonly directories: readonly string[]
  /** Unchecked against the policy. */
  readonly parameters: JsonObject
  /** Of the identity server; has the origin of `upstream.registrationUrl`. */
  readonly registrationUrl: string
  /** Whether its clients may be managed under other policies that lead to the same registration endpoint. */
  readonly sharesClients: boolean
}

/** What holds wherever the state is kept. */
export interface RegistrationSettings {
  readonly reservationTtlMs: number
  readonly recovery: 'replay' | 'rollback'
  readonly recoveryMs: number
  readonly sweepIntervalMs: number
  readonly whenUnavailable: {
    readonly registrations: 'refuse' | 'allow'
    readonly usedOnce: 'refuse' | 'allow'
    readonly rates: 'refuse' | 'allow'
  }
}

export type StateSettings = RegistrationSettings & ({ readonly kind: 'memory' } | RedisSettings)

export interface RedisSettings {
  readonly kind: 'redis'
  readonly topology: RedisTopology
  readonly keyPrefix: string
  /** 0 for none. */
  readonly waitForReplicas: number
  readonly commandTimeoutMs: number
  readonly connectTimeoutMs: number
}

export interface AuditSettings {
  /** Absolute path, or `stdout`. */
  readonly file: string
  readonly facts: 'declared' | 'all' | 'none'
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** What one registrant may cost. */
export interface LimitSettings {
  readonly handshakeTimeoutMs: number
  readonly headersTimeoutMs: number
  readonly headerLimitBytes: number
  readonly bodyTimeoutMs: number
  readonly bodyLimitBytes: number
  readonly answerTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly maxConnections: number
  readonly presentedCertificates: number
  readonly jsonDepth: number
  readonly jsonValues: number
  readonly statementLimitBytes: number
  readonly drainTimeoutMs: number
}

/** How many requests those may send who have something in common; null for as many as they like. */
export interface RateSettings {
  readonly perAddress: (RateLimit & { readonly ipv6PrefixBits: number }) | null
  readonly perCertificate: RateLimit | null
  readonly perOwner: RateLimit | null
}
