import { refuse, type Refusal } from '../model/refusal.ts'
import type { RegistrationRequest } from '../model/registration-request.ts'
import type { Stages } from '../model/stages.ts'

/** Reads `iss` of a compact JWS; null when it names none. @throws Refusal `statement-malformed` */
export type ReadIssuer = (compact: string) => string | null

/**
 * The endpoint among those of equal trust whose directories issued the statement, as far as its unverified `iss` says. Whoever names an
 * issuer gains nothing by it: the endpoint that it leads to verifies the statement by the keys of that very issuer, or refuses.
 *
 * @throws Refusal `statement-issuer-untrusted` when no directory has that issuer
 */
export function chooseByStatement(
  endpoints: readonly [Stages, ...Stages[]],
  request: Pick<RegistrationRequest, 'operation' | 'softwareStatement'>,
  readIssuer: ReadIssuer,
): Stages {
  const [first, ...others] = endpoints
  if (others.length === 0) return first
  const { operation, softwareStatement } = request
  const unwanted = softwareStatement === null ? 'required' : 'forbidden'
  const willing = endpoints.filter(({ endpoint }) => endpoint.statementMode[operation] !== unwanted)
  // All of them refuse, for want of a statement or because of it, and say so alike.
  if (willing.length === 0) return first
  const issuer = softwareStatement === null ? undefined : readIssuer(softwareStatement)
  const taking = willing.filter(({ endpoint }) => issuer === undefined || takesIssuer(endpoint, issuer))
  const [chosen, ...rivals] = taking
  if (chosen === undefined) throw untrusted(willing)
  // Loading a gateway with such endpoints is refused: find-overlap.ts.
  if (rivals.length > 0)
    throw new Error(`${taking.map(({ endpoint }) => endpoint.name).join(' and ')} take one request`)
  return chosen
}

function takesIssuer({ statementIssuers }: Stages['endpoint'], issuer: string | null): boolean {
  return statementIssuers === null || (issuer !== null && statementIssuers.includes(issuer))
}

function untrusted(willing: readonly Stages[]): Refusal {
  const issuers = new Set(willing.flatMap(({ endpoint }) => endpoint.statementIssuers ?? []))
  return refuse({
    reason: 'statement-issuer-untrusted',
    at: 'software_statement.iss',
    message: 'iss must name a directory that is trusted here',
    wanted: [...issuers]
      .map((issuer) => JSON.stringify(issuer))
      .join(' or ')
      .slice(0, 200),
  })
}
