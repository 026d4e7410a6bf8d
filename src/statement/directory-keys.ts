import type { HostGate } from '../egress/host-gate.ts'
import type { Clock } from '../model/clock.ts'
import type { CertificateFacts } from '../model/client.ts'
import type { Directory } from '../model/policy.ts'
import type { VerifyChain } from '../model/signer.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import { createFixedKeys } from '../signature/fixed-keys.ts'
import { createPublishedKeys, type PublishedKeysEvent, type PublishedKeysLimits } from '../signature/published-keys.ts'
import type { KeyReference } from '../signature/select-key.ts'
import { verifyByChain } from '../signature/verify-by-chain.ts'
import { verifyByKeys, type KeySearch } from '../signature/verify-by-keys.ts'
import { SOFTWARE_STATEMENT } from './statement-words.ts'

export interface DirectoryKeysOptions {
  readonly directory: Directory
  readonly clock: Clock
  readonly gate: HostGate
  readonly limits?: Partial<PublishedKeysLimits>
  readonly onEvent: (event: PublishedKeysEvent) => void
  /** Verifies chains to the trust folder that the directory names. */
  readonly verifyChain: VerifyChain
}

/** How the signatures of one pinned directory are verified. */
export interface DirectoryKeys {
  /**
   * Gives the certificate of the signer where the statement brought its chain, and null otherwise.
   *
   * @throws Refusal when the directory did not sign it, or when that cannot be told
   */
  readonly verify: (
    statement: UnverifiedJws,
    reference: KeyReference,
    algorithms: readonly string[],
    now: Date,
  ) => Promise<CertificateFacts | null>
  /** Lets a running fetch end; any number of times. */
  readonly close: () => Promise<void>
}

/** Keys come from where the operator or the policy pinned them, and from nowhere else. @throws TypeError for an address without https */
export function createDirectoryKeys(options: DirectoryKeysOptions): DirectoryKeys {
  const { keys } = options.directory
  const nothingRuns = (): Promise<void> => Promise.resolve()
  switch (keys.kind) {
    case 'address': {
      const published = createPublishedKeys({
        ...{ uri: keys.uri, thing: SOFTWARE_STATEMENT, reach: reachOf(keys.ca) },
        passage: { gate: options.gate, choice: 'pinned' },
        ...options,
      })
      return { verify: verifyWith(published), close: published.close }
    }
    case 'file':
      return { verify: verifyWith(createFixedKeys(keys.jwks, SOFTWARE_STATEMENT)), close: nothingRuns }
    case 'chain':
      return {
        close: nothingRuns,
        verify: async (statement, reference, _, now) => {
          const signer = await verifyByChain(statement, reference, options.verifyChain, SOFTWARE_STATEMENT, now)
          return signer.certificate
        },
      }
  }
}

/** The operator pinned this very address, so it may lie in the operator's own network; nobody else has a say in it. */
function reachOf(ca: string | null) {
  return { allowedHosts: null, allowedPorts: null, allowPrivateAddresses: true, ca }
}

function verifyWith(keys: KeySearch): DirectoryKeys['verify'] {
  return async (statement, reference, algorithms) => {
    await verifyByKeys(statement, reference, keys, algorithms, SOFTWARE_STATEMENT)
    return null
  }
}
