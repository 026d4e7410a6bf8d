/** Where a value stands in a document: keys of maps and indexes of lists, outermost first. */
export type KeyPath = readonly (string | number)[]

/** `endpoints[0].policy`; keys that are no plain names in brackets and quotes. */
export function formatPath(path: KeyPath): string {
  return path.map(formatStep).join('').replace(/^\./, '')
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[\w-]{1,64}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 64))}]`
}

/** The value at a path in plain data; undefined where there is none. */
export function valueAt(data: unknown, path: KeyPath): unknown {
  let value = data
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
