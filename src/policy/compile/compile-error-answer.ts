import type { Fault } from '../../model/fault.ts'
import type { CompiledErrorAnswer } from '../compiled-policy.ts'
import { declareErrorNames } from '../expression/error-names.ts'
import { ERROR_TYPES } from '../expression/facts.ts'
import { compileMap } from './compile-response.ts'
import { ExpressionCompiler } from './expression-compiler.ts'
import { lastOf, type ResolvedPolicy } from './resolve-inheritance.ts'

const NAMES = ['error', 'findings', ...Object.values(ERROR_TYPES).flatMap((type) => Object.keys(type))]

/** Null where errors have the form of RFC 7591, and after a fault. Nothing of the request can be named but what a finding says of it. */
export function compileErrorAnswer({ chain, own }: ResolvedPolicy, faults: Fault[]): CompiledErrorAnswer | null {
  const sourced = lastOf(chain, 'errorAnswer')
  if (sourced === null) return null
  const { source, path, value } = sourced
  // No words of a vocabulary stand in an error.
  const dictionary = { fields: new Map(), names: new Map(), variables: new Map() }
  const compiler = new ExpressionCompiler({
    ...{ environment: declareErrorNames(), names: NAMES, variables: new Map(), compiled: new Map() },
    ...{ knowledge: { dictionary, sizes: new Map() }, own, faults },
  })
  const body = compileMap({ source, path: [...path, 'body'], value: value.body }, compiler, faults)
  return body === null ? null : { contentType: value.contentType ?? 'application/json', body }
}
