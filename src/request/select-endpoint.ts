import { refuse } from '../model/refusal.ts'
import { parseTarget } from './parse-target.ts'

/**
 * Builds the choice of the endpoint for a request target: the one whose path it has, or stands below. The path alone decides, never the
 * body or the certificate, so that nobody can choose the policy that judges him.
 *
 * @throws Refusal `request-target-invalid`, `endpoint-unknown`
 */
export function createSelection<T extends { readonly path: string }>(endpoints: readonly T[]): (target: string) => T {
  const longestFirst = endpoints.toSorted((left, right) => right.path.length - left.path.length)
  return (target) => {
    const { path } = parseTarget(target)
    const endpoint = longestFirst.find((candidate) => path === candidate.path || path.startsWith(`${candidate.path}/`))
    if (endpoint === undefined) throw unknownEndpoint()
    return endpoint
  }
}

function unknownEndpoint(): Error {
  return refuse({
    reason: 'endpoint-unknown',
    at: 'request target',
    message: 'there is no registration endpoint at this path',
  })
}
