import type { Json } from '../model/json.ts'

const LIMIT = 100

/** A value as a finding may show it: short, on one line, control characters escaped. */
export function showValue(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > LIMIT ? `${text.slice(0, LIMIT)}...` : text
}
