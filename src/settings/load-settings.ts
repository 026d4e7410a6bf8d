import { dirname, resolve } from 'node:path'
import type { KeyPath } from '../document/key-path.ts'
import { NOWHERE, type Place } from '../document/locate-path.ts'
import { readDocument } from '../document/read-document.ts'
import type { Fault } from '../model/fault.ts'
import { checkConsistency } from './check-consistency.ts'
import { FaultList } from './fault-list.ts'
import type { Loading } from './load-certificates.ts'
import { loadDirectories } from './load-directories.ts'
import { loadLookups, loadSoftwareKeys, loadTrust, resolveAuditFile, resolveRevocationFolder } from './load-folders.ts'
import { loadPoliciesSection } from './load-policies-section.ts'
import type { PublicHosts } from './inspect-server-certificate.ts'
import { loadSealing } from './load-sealing.ts'
import { loadState } from './load-state.ts'
import { loadTls } from './load-tls.ts'
import { loadUpstream } from './load-upstream.ts'
import { ReferencedFiles, type Environment } from './referenced-files.ts'
import { resolveEndpoint, resolveEndpoints } from './resolve-endpoints.ts'
import { resolveRates } from './resolve-rates.ts'
import { salvageSections, soundEndpoints, soundSections, type Sections } from './salvage-sections.ts'
import { settingsSchema, type SettingsFile } from './schema/settings-schema.ts'
import type { EndpointSettings, Settings } from './settings.ts'

export interface LoadedSettings {
  /** Null when there are faults. */
  readonly settings: Settings | null
  /** What of the settings can be followed up in spite of faults; as in `settings` where there are none. */
  readonly usable: UsableSettings
  readonly faults: readonly Fault[]
  /** Where a key stands, for faults that only others can find. */
  readonly locate: (path: KeyPath) => Place
  /** The file itself and the files it names, absolute; folders excepted. */
  readonly files: readonly string[]
}

export interface UsableSettings {
  /** Folders that are there. */
  readonly trust: Settings['trust']
  /** Null where no folder is known. */
  readonly policies: Settings['policies'] | null
  /** Null where some are faulty: then nobody can say which of them are missing. */
  readonly directories: Settings['directories'] | null
  /** Null where it is faulty. */
  readonly publicUrl: string | null
  /** Those without faults, with their places in the list. */
  readonly endpoints: readonly { readonly index: number; readonly endpoint: EndpointSettings }[]
}

const NOTHING_USABLE: UsableSettings = { trust: {}, policies: null, directories: null, publicUrl: null, endpoints: [] }

/** Reads gateway.yaml and the files it names (policies and trusted issuers excepted); `now` is what certificates are held against. */
export async function loadSettings(file: string, environment: Environment, now: Date): Promise<LoadedSettings> {
  const folder = dirname(resolve(file))
  const unread = new FaultList(file, () => NOWHERE, [])
  const text = await new ReferencedFiles(folder, environment, unread).readText([], resolve(file))
  const nothing = { settings: null, usable: NOTHING_USABLE, locate: () => NOWHERE, files: [resolve(file)] }
  if (text === null) return { ...nothing, faults: unread.all() }
  const { value, data, faults: schemaFaults, locate } = readDocument(file, text, settingsSchema)
  const faults = new FaultList(file, locate, schemaFaults)
  const soundOnes = soundSections(data)
  checkConsistency(soundOnes, (data as { endpoints?: unknown } | null)?.endpoints, faults)
  const files = new ReferencedFiles(folder, environment, faults)
  const loading = { files, faults, now }
  const loaded = await loadSections(salvageSections(data), loading)
  const sound = value !== null && faults.all().length === 0 && isComplete(loaded)
  return {
    settings: sound ? assemble(value, loaded) : null,
    usable: {
      trust: loaded.trust ?? {},
      policies: loaded.policies,
      directories: soundOnes.directories === undefined ? null : loaded.directories,
      publicUrl: soundOnes.listen?.publicUrl ?? null,
      endpoints: usableEndpoints(data, soundOnes),
    },
    faults: faults.all(),
    locate,
    files: [resolve(file), ...files.asked],
  }
}

function usableEndpoints(data: unknown, { listen, upstream }: Sections): UsableSettings['endpoints'] {
  const sound = soundEndpoints(data)
  const all = { endpoints: sound.map(({ endpoint }) => endpoint), listen, upstream }
  return sound.map(({ index, endpoint }) => ({ index, endpoint: resolveEndpoint(endpoint, all) }))
}

/** Where registrants find the gateway, as far as that is without fault. */
function hostsOf({ listen, endpoints = [] }: Sections): PublicHosts {
  const named = endpoints.flatMap(({ host }) => host ?? [])
  return { publicUrl: listen?.publicUrl, endpoints: [...new Set(named)] }
}

type LoadedSections = Awaited<ReturnType<typeof loadSections>>

async function loadSections(sections: Sections, loading: Loading) {
  const { tls, sealing, upstream, state, trust, directories, softwareKeys, lookups, policies, audit, revocation } =
    sections
  return {
    tls: tls === undefined ? null : await loadTls(tls, hostsOf(sections), loading),
    sealing: sealing === undefined ? null : await loadSealing(sealing, loading),
    upstream: upstream === undefined ? null : await loadUpstream(upstream, loading),
    state: state === undefined ? null : await loadState(state, loading),
    trust: trust === undefined ? null : await loadTrust(trust, loading),
    directories: directories === undefined ? null : await loadDirectories(directories, loading),
    softwareKeys: softwareKeys === undefined ? null : await loadSoftwareKeys(softwareKeys, loading),
    policies: policies === undefined ? null : await loadPoliciesSection(policies, loading),
    lookups: lookups === undefined ? null : await loadLookups(lookups, loading),
    audit: audit === undefined ? null : await resolveAuditFile(audit, loading),
    revocation: revocation === undefined ? null : resolveRevocationFolder(revocation, loading),
  }
}

type CompleteSections = { readonly [Section in keyof LoadedSections]: NonNullable<LoadedSections[Section]> }

function isComplete(sections: LoadedSections): sections is CompleteSections {
  return Object.values(sections).every((section) => section !== null)
}

function assemble(file: SettingsFile, loaded: CompleteSections): Settings {
  const { listen, log, operations, reload, limits, rates } = file
  return {
    listen: { ...listen, publicUrl: new URL(listen.publicUrl).origin },
    endpoints: resolveEndpoints(file),
    ...{ log, operations, reload, limits },
    rates: resolveRates(rates),
    ...loaded,
  }
}
