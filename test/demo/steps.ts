import { goodRegistration, OTHER_SOFTWARE, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import type { RegistrantAnswer, RegistrantIdentity, RegistrantRequest } from '../support/registrant.ts'
import { createStatementSigner, brazilianClaims } from '../support/sign-statement.ts'

/** One thing the registrant does, and what must come of it. */
export interface Step {
  readonly title: string
  readonly as: RegistrantIdentity
  readonly request: RegistrantRequest
  readonly status: number
  /** For refusals: the rules that must be named, exactly. */
  readonly rules?: readonly string[]
}

/** The refused registrations, each for its own reason. */
export async function refusedSteps(laboratory: Laboratory, url: string): Promise<readonly Step[]> {
  const tpp = await laboratory.registrant(SOFTWARE)
  const other = await laboratory.registrant(OTHER_SOFTWARE)
  const forger = await createStatementSigner({ kid: 'signer' })
  const now = new Date()
  const post = (body: object): RegistrantRequest => ({ method: 'POST', url, body })
  const good = (metadata: Record<string, unknown> = {}): Record<string, unknown> =>
    goodRegistration(laboratory, SOFTWARE, now, { metadata })
  return [
    {
      title: 'without a client certificate',
      as: laboratory.nobody,
      request: post(good()),
      status: 401,
      rules: ['client-certificate-required'],
    },
    {
      title: 'with a redirect URI that is not in the software statement',
      as: tpp,
      request: post(good({ redirect_uris: ['https://ipe.example.com.br/cb', 'https://evil.example/cb'] })),
      status: 400,
      rules: ['redirect-uris-within-statement'],
    },
    {
      title: 'with a software statement that somebody else signed, under the key id of the directory',
      as: tpp,
      request: post(good({ software_statement: forger.sign(brazilianClaims(now)) })),
      status: 400,
      rules: ['statement-signature-invalid'],
    },
    {
      title: "with another TPP's certificate",
      as: other,
      request: post(good()),
      status: 400,
      rules: ['certificate-names-software', 'certificate-names-organisation'],
    },
    {
      title: 'with four things wrong at once',
      as: tpp,
      request: post(
        good({
          token_endpoint_auth_method: 'client_secret_basic',
          request_object_signing_alg: 'RS256',
          scope: 'openid accounts admin',
          jwks: { keys: [] },
        }),
      ),
      status: 400,
      rules: ['scopes-granted-by-role', 'jwks-by-value-forbidden', 'authentication-method', 'signing-algorithm-ps256'],
    },
  ]
}

/** The life of a client: registered, read, updated, deleted, gone (RFC 7591, RFC 7592). Each step needs the answer of the first. */
export async function grantedSteps(
  laboratory: Laboratory,
  url: string,
): Promise<readonly ((first: RegistrantAnswer | null) => Step)[]> {
  const tpp = await laboratory.registrant(SOFTWARE)
  const registration = (metadata: Record<string, unknown> = {}): Record<string, unknown> =>
    goodRegistration(laboratory, SOFTWARE, new Date(), { metadata })
  const manage = (method: string, first: RegistrantAnswer | null, body?: object): RegistrantRequest => ({
    method,
    url: String(first?.body['registration_client_uri']),
    headers: { authorization: `Bearer ${String(first?.body['registration_access_token'])}` },
    ...(body === undefined ? {} : { body }),
  })
  return [
    () => ({
      title: 'a TPP with its certificate and a fresh software statement',
      as: tpp,
      request: { method: 'POST', url, body: registration() },
      status: 201,
    }),
    (first) => ({ title: 'the same TPP reads its client', as: tpp, request: manage('GET', first), status: 200 }),
    (first) => ({
      title: 'the same TPP asks for fewer scopes',
      as: tpp,
      request: manage('PUT', first, registration({ client_id: first?.body['client_id'], scope: 'openid accounts' })),
      status: 200,
    }),
    (first) => ({ title: 'the same TPP deletes its client', as: tpp, request: manage('DELETE', first), status: 204 }),
    (first) => ({
      title: 'the client is gone',
      as: tpp,
      request: manage('GET', first),
      status: 401,
      rules: ['management-token-rejected'],
    }),
  ]
}
