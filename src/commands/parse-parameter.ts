import { InvalidArgumentError } from 'commander'
import type { Json, JsonObject } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'

/** `name=value` of `--parameter`, added to those before it; what it means, the policy's declaration says. @throws InvalidArgumentError */
export function collectParameter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('wanted name=value')
  return { ...before, [name]: value }
}

/** Values in the types that the policy declares; what does not fit its type stays text, for bindParameters() to object to. */
export function typeParameters({ parameters }: CompiledPolicy, given: Readonly<Record<string, string>>): JsonObject {
  const typed = Object.entries(given).map(
    ([name, text]) => [name, typedValue(parameters.get(name)?.memberType.kind, text)] as const,
  )
  return Object.fromEntries(typed)
}

function typedValue(kind: string | undefined, text: string): Json {
  if (kind === 'bool' && (text === 'true' || text === 'false')) return text === 'true'
  if (kind === 'int' && /^-?\d{1,15}$/.test(text)) return Number(text)
  return kind === 'list' ? text.split(',').filter((item) => item !== '') : text
}
