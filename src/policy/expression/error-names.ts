import { Environment } from '@marcbachmann/cel-js'
import { declareFunctions, LIMITS } from './declarations.ts'
import { declarationOf } from './fact-values.ts'

/** Maps and lists may mix types here, as bodies of errors do: `{"status": 400, "title": "..."}`. */
export function declareErrorNames(): Environment {
  const options = { enableOptionalTypes: true, unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false }
  const environment = new Environment({ ...options, limits: LIMITS })
  declareFunctions(environment)
  environment.registerType('Error', declarationOf('Error')).registerType('Finding', declarationOf('Finding'))
  return environment.registerVariable('error', 'Error').registerVariable('findings', 'list<Finding>')
}
