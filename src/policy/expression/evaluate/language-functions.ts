import { POLICY_FUNCTIONS } from '../functions.ts'
import { LINEAR_MATCHES } from '../regular-expression.ts'
import { CONVERSION_FUNCTIONS } from './conversion-functions.ts'
import { tableOf } from './function-table.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'

/** Every function that an expression may call, macros and optionals aside. */
export const LANGUAGE_FUNCTIONS = tableOf([
  ...TEXT_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...TIME_FUNCTIONS,
  LINEAR_MATCHES,
  ...POLICY_FUNCTIONS,
])
