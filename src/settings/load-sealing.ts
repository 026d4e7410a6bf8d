import { Secret } from '../model/secret.ts'
import type { Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { SealingSettings } from './settings.ts'

const KEY_BYTES = 32

/** Null after any fault. */
export async function loadSealing(
  { keys }: SettingsFile['sealing'],
  { files, faults }: Loading,
): Promise<SealingSettings | null> {
  const loaded: SealingSettings['keys'][number][] = []
  for (const [index, { id, secret }] of keys.entries()) {
    const at = ['sealing', 'keys', index, 'secret']
    const text = await files.readSecret(at, secret)
    const key = text === null ? null : normalise(text.reveal())
    if (text !== null && key === null) faults.add(at, `${KEY_BYTES} bytes as base64url or hex`, 'something else')
    else if (key !== null) loaded.push({ id, key: new Secret(key) })
  }
  return loaded.length === keys.length ? { keys: loaded } : null
}

/** base64url without padding; null for what is no key. */
function normalise(text: string): string | null {
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return Buffer.from(text, 'hex').toString('base64url')
  if (!/^[A-Za-z0-9_+/-]{43}=?$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === KEY_BYTES ? bytes.toString('base64url') : null
}
