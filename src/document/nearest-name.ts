/** Longer names are not compared: the work grows with the product of the lengths. */
const NAME_LIMIT_CHARACTERS = 64
const DISTANCE_LIMIT = 3

/** The legal name somebody most likely meant, or null when none is near enough to be worth suggesting. */
export function nearestName(name: string, legal: readonly string[]): string | null {
  if (name.length > NAME_LIMIT_CHARACTERS) return null
  let nearest: string | null = null
  let bound = Math.min(DISTANCE_LIMIT, Math.floor((name.length + 1) / 3))
  for (const candidate of legal) {
    const distance = measureDistance(fold(name), fold(candidate), bound)
    if (distance > bound) continue
    nearest = candidate
    bound = distance - 1
  }
  return nearest
}

/** The hint at that name; undefined for none. */
export function hintAt(near: string | null): string | undefined {
  return near === null ? undefined : `did you mean ${near}?`
}

/** A fault with the hint at that name; as it was for none. */
export function withNearest<Fault extends object>(
  fault: Fault,
  near: string | null,
): Fault & { readonly hint?: string } {
  const hint = hintAt(near)
  return hint === undefined ? fault : { ...fault, hint }
}

/** `public_url`, `public-url` and `publicUrl` are one word in three spellings. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/** Damerau-Levenshtein distance in its optimal string alignment form: insert, delete, replace, swap neighbours; each costs one. */
function measureDistance(left: string, right: string, bound: number): number {
  if (Math.abs(left.length - right.length) > bound) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const kept = at(last, column - 1) + (same ? 0 : 1)
      const moved = swapped ? at(beforeLast, column - 2) + 1 : Infinity
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, kept, moved))
    }
    beforeLast = last
    last = current
  }
  return at(last, right.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
