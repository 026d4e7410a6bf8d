import type { ListFlaw } from './list-fault.ts'
import type { ImportRecord } from './import-record.ts'
import type { ListScheme } from './trusted-list.ts'

/** What stands where an import is to write. */
export type FolderState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'imported'
      readonly record: ImportRecord
      /** Names in `roots/`. */
      readonly files: readonly string[]
    }
  /** Somebody's own work, or nothing that can be read. */
  | { readonly kind: 'foreign'; readonly found: string }

const FOLDER_HINT = 'name a folder that does not exist yet, or one that an import wrote'

/** An import replaces nothing but what an import wrote: roots that a person chose are not to vanish. */
export function checkFolder(state: FolderState): readonly ListFlaw[] {
  if (state.kind === 'absent') return []
  if (state.kind === 'foreign')
    return [{ wanted: 'a folder that an import may write', found: state.found, hint: FOLDER_HINT }]
  return state.files
    .filter((name) => !state.record.files.includes(name))
    .map((name) => ({
      wanted: 'nothing in roots/ but what an import wrote',
      found: name,
      hint: 'move it to a trust folder of its own',
    }))
}

/**
 * A list that is older than the last one would bring back services that were withdrawn since: whoever can choose which list is imported
 * must not choose an outdated one (TS 119 612 section 5.3.2 lets numbers only grow).
 */
export function checkSuccession(state: FolderState, scheme: ListScheme, allowOlder: boolean): readonly ListFlaw[] {
  if (state.kind !== 'imported') return []
  const { territory, sequenceNumber, issued } = state.record
  if (territory !== scheme.territory) {
    const hint = 'give each list a folder of its own'
    return [{ wanted: `the list of ${territory}, which the folder holds`, found: `that of ${scheme.territory}`, hint }]
  }
  const isOlder = scheme.sequenceNumber < sequenceNumber || scheme.issued < issued
  if (!isOlder || allowOlder) return []
  const wanted = `sequence number ${sequenceNumber} of ${issued.toISOString()} or a later one`
  const found = `${scheme.sequenceNumber} of ${scheme.issued.toISOString()}`
  return [{ wanted, found, hint: 'fetch the current list; --allow-older takes this one all the same' }]
}
