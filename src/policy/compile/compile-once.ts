import type { Fault } from '../../model/fault.ts'
import { carriesMetadata } from '../../model/operation.ts'
import type { CompiledOnce } from '../compiled-policy.ts'
import { TIMESTAMP } from '../expression/evaluate/node-type.ts'
import type { OnceContent } from '../schema/once-schema.ts'
import { DEFAULT_ON, foreignFacts, OPTIONAL_STRING } from './compile-rules.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { Sourced } from './policy-file.ts'

/** Null after a fault, which the compiler has noted. */
export function compileOnce(
  { source, path, value }: Sourced<OnceContent>,
  compiler: ExpressionCompiler,
  faults: Fault[],
): CompiledOnce | null {
  const part = <Key extends 'when' | 'key' | 'until'>(key: Key): Sourced<OnceContent[Key]> => ({
    source,
    path: [...path, key],
    value: value[key],
  })
  const when = compiler.optional(part('when'), ['bool'])
  const key = compiler.compile(part('key'), OPTIONAL_STRING)
  const until = compiler.optional(part('until'), [TIMESTAMP, `optional<${TIMESTAMP}>`])
  const operations = value.on ?? DEFAULT_ON
  if (!operations.some(carriesMetadata)) {
    for (const [name, expression] of Object.entries({ when, key, until }))
      if (expression !== null) faults.push(...foreignFacts(source, [...path, name], expression))
  }
  if (key === null) return null
  const { id, message } = value
  return {
    ...{ id, message, when, key, until },
    clause: value.clause ?? null,
    on: new Set(operations),
    holdsSeconds: value.holdsSeconds ?? null,
    at: value.at ?? 'request',
    error: value.error ?? null,
    status: value.status ?? null,
    declaredBy: source.content.name,
  }
}
