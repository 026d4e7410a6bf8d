import type { Json, JsonObject } from '../../model/json.ts'

/**
 * Metadata on their way through the effects. What was asked stays as it is: it is copied for the first change, and the later ones go into
 * that copy, since to copy so many members costs more than most rules do.
 */
export class MetadataDraft {
  #metadata: JsonObject
  #copy: Record<string, Json> | null = null

  constructor(asked: JsonObject) {
    this.#metadata = asked
  }

  /** As they stand. */
  get metadata(): JsonObject {
    return this.#metadata
  }

  /** Goes on from `kept`, which is the metadata or a copy without some of them, with these changes. Whether that changes anything. */
  change(kept: JsonObject, changes: ReadonlyMap<string, Json>): boolean {
    const isSame = kept === this.#metadata
    if (!isSame) this.#copy = null
    this.#metadata = kept
    if (changes.size === 0) return !isSame
    const copy = (this.#copy ??= copyOf(kept))
    for (const [name, value] of changes) copy[name] = value
    this.#metadata = copy
    return true
  }
}

/** Member by member into an object that grows cheaply: what is added to a spread copy of parsed JSON costs ten times as much as all of this. */
function copyOf(metadata: JsonObject): Record<string, Json> {
  const copy = Object.create(null) as Record<string, Json>
  for (const name of Object.keys(metadata)) copy[name] = metadata[name] ?? null
  return copy
}
