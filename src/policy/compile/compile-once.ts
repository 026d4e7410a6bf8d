import type { CompiledOnce } from '../compiled-policy.ts'
import type { OnceContent } from '../schema/once-schema.ts'
import { DEFAULT_ON, OPTIONAL_STRING } from './compile-rules.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { Sourced } from './policy-file.ts'

const TIMESTAMP = 'google.protobuf.Timestamp'

/** Null after a fault, which the compiler has noted. */
export function compileOnce(
  { source, path, value }: Sourced<OnceContent>,
  compiler: ExpressionCompiler,
): CompiledOnce | null {
  const part = <Key extends 'when' | 'key' | 'until'>(key: Key): Sourced<OnceContent[Key]> => ({
    source,
    path: [...path, key],
    value: value[key],
  })
  const when = compiler.optional(part('when'), ['bool'])
  const key = compiler.compile(part('key'), OPTIONAL_STRING)
  const until = compiler.optional(part('until'), [TIMESTAMP, `optional<${TIMESTAMP}>`])
  if (key === null) return null
  const { id, message } = value
  return {
    ...{ id, message, when, key, until },
    clause: value.clause ?? null,
    on: new Set(value.on ?? DEFAULT_ON),
    holdsSeconds: value.holdsSeconds ?? null,
    at: value.at ?? 'request',
    error: value.error ?? null,
    status: value.status ?? null,
    declaredBy: source.content.name,
  }
}
