/** A key with its value as text. */
export type Field = readonly [key: string, text: string]

/** Every key that has a value; maps within come out as dotted keys, so that a change of one entry is one change. */
export function fieldsOf(value: object, prefix = ''): readonly Field[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly Field[] => {
    if (inner === undefined) return []
    const path = prefix === '' ? key : `${prefix}.${key}`
    const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return isMap && Object.keys(inner).length > 0 ? fieldsOf(inner, path) : [[path, textOf(inner)]]
  })
}

/** One line: expressions lose their line breaks, lists of plain values their brackets. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll(/\s+/g, ' ').trim()
  if (!Array.isArray(value)) return JSON.stringify(value)
  const items = value as readonly unknown[]
  return items.every((item) => typeof item === 'string') ? items.join(', ') : JSON.stringify(value)
}
