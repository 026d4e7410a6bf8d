import { dirname, resolve } from 'node:path'
import type { KeyPath } from '../document/key-path.ts'
import { NOWHERE, type Place } from '../document/locate-path.ts'
import { readDocument } from '../document/read-document.ts'
import type { Fault } from '../model/fault.ts'
import { checkConsistency } from './check-consistency.ts'
import { FaultList } from './fault-list.ts'
import type { Loading } from './load-certificates.ts'
import {
  loadDirectories,
  loadPoliciesFolder,
  loadTrust,
  resolveAuditFile,
  resolveRevocationFolder,
} from './load-folders.ts'
import { loadState } from './load-state.ts'
import { loadTls } from './load-tls.ts'
import { loadUpstream } from './load-upstream.ts'
import { ReferencedFiles, type Environment } from './referenced-files.ts'
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
  /** Those without faults, with their places in the list. */
  readonly endpoints: readonly { readonly index: number; readonly endpoint: EndpointSettings }[]
}

const NOTHING_USABLE: UsableSettings = { trust: {}, policies: null, directories: null, endpoints: [] }

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
      endpoints: soundEndpoints(data).map(({ index, endpoint }) => ({ index, endpoint: settleEndpoint(endpoint) })),
    },
    faults: faults.all(),
    locate,
    files: [resolve(file), ...files.asked],
  }
}

type LoadedSections = Awaited<ReturnType<typeof loadSections>>

async function loadSections(sections: Sections, loading: Loading) {
  const { listen, tls, upstream, state, trust, directories, policies, audit, revocation } = sections
  return {
    tls: tls === undefined ? null : await loadTls(tls, listen?.publicUrl, loading),
    upstream: upstream === undefined ? null : await loadUpstream(upstream, loading),
    state: state === undefined ? null : await loadState(state, loading),
    trust: trust === undefined ? null : await loadTrust(trust, loading),
    directories: directories === undefined ? null : await loadDirectories(directories, loading),
    policies: policies === undefined ? null : await loadPoliciesFolder(policies, loading),
    audit: audit === undefined ? null : await resolveAuditFile(audit, loading),
    revocation: revocation === undefined ? null : resolveRevocationFolder(revocation, loading),
  }
}

type CompleteSections = { readonly [Section in keyof LoadedSections]: NonNullable<LoadedSections[Section]> }

function isComplete(sections: LoadedSections): sections is CompleteSections {
  return Object.values(sections).every((section) => section !== null)
}

function assemble(
  { listen, endpoints, log, operations, reload, limits }: SettingsFile,
  loaded: CompleteSections,
): Settings {
  return {
    listen: { ...listen, publicUrl: new URL(listen.publicUrl).origin },
    endpoints: endpoints.map(settleEndpoint),
    ...{ log, operations, reload, limits },
    ...loaded,
  }
}

function settleEndpoint(endpoint: SettingsFile['endpoints'][number]): EndpointSettings {
  return { ...endpoint, directory: endpoint.directory ?? null }
}
