import { Environment } from '@marcbachmann/cel-js'
import { newMaker } from '../typed-object.ts'
import { declareFunctions, LIMITS } from './declarations.ts'

/** Fields of the types that an error answer is made of, in the library's words. */
export const ERROR_TYPES = {
  Error: { code: 'string', description: 'string', status: 'int', decisionId: 'string' },
  Finding: {
    rule: 'string',
    reason: 'string',
    clause: 'string',
    at: 'string',
    message: 'string',
    wanted: 'string',
    found: 'string',
    error: 'string',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>

const errors = newMaker('Error')
const findings = newMaker('Finding')

/** Makers of values of these types. */
export const makeError = errors.make
export const makeFinding = findings.make

/** Maps and lists may mix types here, as bodies of errors do: `{"status": 400, "title": "..."}`. */
export function declareErrorNames(): Environment {
  const options = { enableOptionalTypes: true, unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false }
  const environment = new Environment({ ...options, limits: LIMITS })
  declareFunctions(environment)
  environment.registerType('Error', { ctor: errors.ctor, fields: ERROR_TYPES.Error })
  environment.registerType('Finding', { ctor: findings.ctor, fields: ERROR_TYPES.Finding })
  return environment.registerVariable('error', 'Error').registerVariable('findings', 'list<Finding>')
}
