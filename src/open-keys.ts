import { createSignerVerification } from './certificate/verify-signer.ts'
import { withHeldCrls } from './with-held-crls.ts'
import type { Closer, Foundation } from './foundation.ts'
import type { GatewayPlan } from './load-gateway.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Directory } from './model/policy.ts'
import type { VerifyChain } from './model/signer.ts'
import type { CountedEvent } from './operations/counted-events.ts'
import { createSoftwareKeys, type SoftwareKeys } from './request/signed/software-keys.ts'
import type { KeysReach } from './signature/fetch-keys.ts'
import type { PublishedKeysEvent } from './signature/published-keys.ts'
import type { PinnedDirectory } from './statement/choose-directory.ts'
import { createDirectoryKeys, type DirectoryKeys } from './statement/directory-keys.ts'

/** Whose signatures one endpoint believes. */
export interface EndpointKeys {
  readonly directories: readonly PinnedDirectory[]
  readonly software: SoftwareKeys
  /** For requests that bring their chain. */
  readonly verifyRequestChain: VerifyChain
}

/** Keys of directories, one cache an address whichever endpoints share it; keys of software, apart for each endpoint. */
export function openKeys(
  plan: GatewayPlan,
  foundation: Foundation,
  opened: Closer[],
): ReadonlyMap<EndpointPlan, EndpointKeys> {
  const shared = new Map<string, DirectoryKeys>()
  return new Map(
    plan.endpoints.map((endpoint) => {
      const directories = endpoint.directories.map((directory) => {
        const address = directory.keys.kind === 'address' ? JSON.stringify(directory.keys) : null
        const known = address === null ? undefined : shared.get(address)
        const keys = known ?? openDirectory(directory, endpoint, foundation)
        if (known === undefined) opened.push(keys.close)
        if (address !== null) shared.set(address, keys)
        return { directory, keys }
      })
      const software = openSoftware(endpoint, foundation)
      opened.push(software.close)
      const signers = endpoint.policy.signedRequest?.keys
      const trust = signers?.kind === 'chain' ? signers.trust : endpoint.trust
      return [endpoint, { directories, software, verifyRequestChain: verifyChainTo(trust, endpoint, foundation) }]
    }),
  )
}

function openDirectory(directory: Directory, endpoint: EndpointPlan, foundation: Foundation): DirectoryKeys {
  const { keys, name } = directory
  const trust = keys.kind === 'chain' ? keys.trust : endpoint.trust
  return createDirectoryKeys({
    directory,
    ...{ clock: foundation.clock, gate: foundation.egress.gate },
    verifyChain: verifyChainTo(trust, endpoint, foundation),
    onEvent: (event) => report('directory-keys', event, { directory: name }, foundation),
  })
}

function openSoftware({ name, policy }: EndpointPlan, foundation: Foundation): SoftwareKeys {
  const { hosts, allowPrivateAddresses, ca } = foundation.settings.softwareKeys
  const keys = policy.signedRequest?.keys
  const allowed = keys?.kind === 'address' ? keys.hosts : []
  const lists = [allowed, hosts].filter((list) => list !== null)
  const reach: Omit<KeysReach, 'allowedHosts'> = {
    // Where any host will do, statements choose: no other service of it can be reached than the usual one.
    allowedPorts: lists.length === 0 ? [443] : null,
    allowPrivateAddresses,
    ca,
  }
  return createSoftwareKeys({
    ...{ hosts: lists, reach, clock: foundation.clock, gate: foundation.egress.gate },
    onEvent: ({ address, ...event }) => report('software-keys', event, { endpoint: name, address }, foundation),
  })
}

function verifyChainTo(name: string, { policy }: EndpointPlan, { trusts, revocations }: Foundation): VerifyChain {
  const trust = trusts.get(name)
  const revocation = revocations.get(name)
  if (trust === undefined || revocation === undefined) throw new Error(`no trusted issuers ${name}`)
  return createSignerVerification({
    trust: () => trust.current,
    revocation: withHeldCrls(trust, revocation),
    demand: policy.certificate.revocation,
  })
}

function report(
  what: 'directory-keys' | 'software-keys',
  { kind, ...facts }: PublishedKeysEvent,
  about: Readonly<Record<string, string>>,
  { metrics, log }: Foundation,
): void {
  const event: CountedEvent = `${what}-${kind}`
  metrics.countEvent(event)
  log.info(event, { ...about, ...facts })
}
