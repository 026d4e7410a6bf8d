import { Optional } from '@marcbachmann/cel-js'
import type { Json } from '../../model/json.ts'
import { DeclaredObject } from '../expression/evaluate/json-fields.ts'
import { isPlainMap } from '../expression/evaluate/typed-values.ts'
import { escapeControls } from '../../document/escape-controls.ts'

const TEXT_LIMIT = 200

/** What an expression gave, with an optional opened; undefined for an optional without value. */
export function openOptional(result: unknown): unknown {
  if (!(result instanceof Optional)) return result
  return result.hasValue() ? result.value() : undefined
}

/** Turns the result of an expression back into JSON: whole numbers from BigInt, timestamps to NumericDate. @throws for other types */
export function toJson(result: unknown): Json {
  if (typeof result === 'bigint') return Number(result)
  if (typeof result === 'string' || typeof result === 'boolean' || result === null) return result
  if (typeof result === 'number' && Number.isFinite(result)) return result
  if (result instanceof Date) return Math.floor(result.getTime() / 1000)
  if (Array.isArray(result)) return result.map(toJson)
  const map = mapOf(result)
  if (map !== null) return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toJson(value)]))
  throw new TypeError('the expression gives a value that JSON cannot hold')
}

function mapOf(result: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof result !== 'object' || result === null) return null
  if (result instanceof DeclaredObject) return result.toMap()
  return isPlainMap(result) ? result : null
}

/** A result as short text for a finding: strings bare, times as ISO 8601, all else as JSON, cut at 200 characters. */
export function toShortText(result: unknown): string {
  return writeShort(toReadableJson(result))
}

/** A result as JSON with times that people can read. */
export function toReadableJson(result: unknown): Json {
  return toJson(withReadableTimes(openOptional(result) ?? null))
}

export function writeShort(json: Json): string {
  const text = escapeControls(typeof json === 'string' ? json : JSON.stringify(json))
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT - 1)}…` : text
}

/** Seconds since 1970 are for machines. */
function withReadableTimes(result: unknown): unknown {
  if (result instanceof Date) return result.toISOString().replace('.000Z', 'Z')
  if (Array.isArray(result)) return result.map(withReadableTimes)
  const map = mapOf(result)
  if (map === null) return result
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, withReadableTimes(value)]))
}
