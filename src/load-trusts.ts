import { loadTrustFolder } from './certificate/trust/load-trust-folder.ts'
import type { TrustStore } from './certificate/trust/trust-store.ts'
import type { Fault } from './model/fault.ts'
import { loadSettings } from './settings/load-settings.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { Settings } from './settings/settings.ts'

export interface LoadedTrusts {
  /** By name, those without faults. */
  readonly trusts: ReadonlyMap<string, TrustStore>
  readonly faults: readonly Fault[]
  /** What an operator should mend but can run with, such as a trusted issuer that has expired. */
  readonly warnings: readonly Fault[]
}

/** Reads every trust folder of the settings, whichever endpoint uses it. */
export async function loadTrusts({ trust: folders }: Pick<Settings, 'trust'>, now: Date): Promise<LoadedTrusts> {
  const trusts = new Map<string, TrustStore>()
  const faults: Fault[] = []
  const warnings: Fault[] = []
  for (const [name, folder] of Object.entries(folders)) {
    const loaded = await loadTrustFolder(name, folder, now)
    const noted = loaded.trust === null ? faults : warnings
    noted.push(...loaded.faults)
    if (loaded.trust !== null) trusts.set(name, loaded.trust)
  }
  return { trusts, faults, warnings }
}

/** What is renewed while the gateway runs: its own certificate and whom it trusts. */
export interface Renewal {
  readonly tls: Settings['tls']
  readonly trusts: ReadonlyMap<string, TrustStore>
  readonly warnings: readonly Fault[]
  /** Sections of the settings that differ from those in force and stay as they are until a restart. */
  readonly restartNeeded: readonly string[]
  readonly files: readonly string[]
}

/** Reads settings and trust folders anew for a running gateway; null, and all faults, when any of it cannot be used. */
export async function loadRenewal(
  source: { readonly file: string; readonly environment: Environment },
  inForce: Settings,
  now: Date,
): Promise<{ readonly renewal: Renewal | null; readonly faults: readonly Fault[] }> {
  const { settings, faults: settingsFaults, files } = await loadSettings(source.file, source.environment, now)
  if (settings === null) return { renewal: null, faults: settingsFaults }
  const { trusts, faults, warnings } = await loadTrusts(settings, now)
  const missing = Object.keys(inForce.trust).filter((name) => !(name in settings.trust))
  const removed = missing.map((name): Fault => removedTrust(source.file, name))
  if (faults.length + removed.length > 0) return { renewal: null, faults: [...faults, ...removed] }
  return {
    renewal: { tls: settings.tls, trusts, warnings, restartNeeded: differences(inForce, settings), files },
    faults: [],
  }
}

function removedTrust(file: string, name: string): Fault {
  const hint = 'restart the gateway to change which folders there are'
  return {
    file,
    line: 0,
    column: 0,
    path: `trust.${name}`,
    wanted: 'the folder that endpoints use',
    found: 'none',
    hint,
  }
}

const RENEWED: ReadonlySet<string> = new Set(['tls', 'trust'])

/** Secrets print alike, so a changed one alone is not noticed: it is read at the next restart, as every secret is. */
function differences(inForce: Settings, settings: Settings): readonly string[] {
  const texts = Object.entries(settings).map(([section, value]) => [section, JSON.stringify(value)] as const)
  const before = new Map(Object.entries(inForce).map(([section, value]) => [section, JSON.stringify(value)]))
  return texts
    .filter(([section, text]) => !RENEWED.has(section) && before.get(section) !== text)
    .map(([section]) => section)
}
