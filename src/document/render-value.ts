const SHOWN_LIMIT_CHARACTERS = 60

/** A short rendering of what was found in a file, for a person to recognise it. */
export function renderValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return renderKind(value)
}

/** The same for values that must not be shown. */
export function renderKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value !== 'object') return 'a value that is not shown'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return Object.keys(value).length === 0 ? 'an empty map' : 'a map'
}

export function shorten(text: string): string {
  return text.length <= SHOWN_LIMIT_CHARACTERS ? text : `${text.slice(0, SHOWN_LIMIT_CHARACTERS)}...`
}
