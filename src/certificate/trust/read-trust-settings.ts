import { readFile } from 'node:fs/promises'
import { readDocument } from '../../document/read-document.ts'
import type { Fault } from '../../model/fault.ts'
import { trustSettingsSchema, USUAL_TRUST_SETTINGS, type TrustSettings } from './trust-settings-schema.ts'

const SIZE_LIMIT_CHARACTERS = 65_536

/** Reads `trust.yaml` of a trust folder; the usual settings where there is none. Null after any fault. */
export async function readTrustSettings(
  file: string,
): Promise<{ readonly settings: TrustSettings | null; readonly faults: readonly Fault[] }> {
  const text = await readFile(file, 'utf8').catch((failure: unknown) => failure)
  if (typeof text === 'string' && text.length > SIZE_LIMIT_CHARACTERS)
    return {
      settings: null,
      faults: [faultAt(file, `at most ${SIZE_LIMIT_CHARACTERS} characters`, String(text.length))],
    }
  if (typeof text === 'string') {
    const { value, faults } = readDocument(file, text, trustSettingsSchema)
    return { settings: value, faults }
  }
  const code = text instanceof Error && 'code' in text ? String(text.code) : 'an error'
  if (code === 'ENOENT') return { settings: USUAL_TRUST_SETTINGS, faults: [] }
  return { settings: null, faults: [faultAt(file, 'a readable file', code)] }
}

function faultAt(file: string, wanted: string, found: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}
