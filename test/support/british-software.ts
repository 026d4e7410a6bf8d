import { randomUUID } from 'node:crypto'
import type { MintOptions } from './mint-certificates.ts'
import type { Subject } from './mint-subject.ts'
import type { StatementSigner } from './sign-statement.ts'
import { BRITISH_STATEMENTS, qualifiedExtension } from './write-qualified-statements.ts'

export const BRITISH_ORGANISATION = '0015800009zQxTkAAK'
export const BRITISH_SOFTWARE = '7Hq2ZtWcX9LdRk4VbYs1Ma'
export const BRITISH_NUMBER = 'PSDGB-FCA-918273'
export const BANK = '0015800001ZEZ3WAAX'

type Changes = Readonly<Record<string, unknown>>

export function britishSubject(number = BRITISH_NUMBER, commonName = BRITISH_ORGANISATION): Subject {
  return [
    ['C', 'GB'],
    ['O', 'Larkfield Finance Ltd'],
    ['organizationIdentifier', number],
    ['CN', commonName],
  ]
}

/** Options of a certificate of the directory in the form of an eIDAS certificate (OBWAC), with other statements where given. */
export function obwac(statements: Buffer = BRITISH_STATEMENTS, options: MintOptions = {}): MintOptions {
  return { subject: britishSubject(), extraExtensions: [qualifiedExtension(statements)], ...options }
}

/** All claims of a software statement of the directory, issued just now. */
export function britishClaims(jwksUri: string, changes: Changes = {}): Record<string, unknown> {
  return {
    iss: 'OpenBanking Ltd',
    iat: secondsFromNow(0),
    jti: randomUUID(),
    software_environment: 'sandbox',
    software_mode: 'Test',
    software_id: BRITISH_SOFTWARE,
    software_client_id: BRITISH_SOFTWARE,
    software_client_name: 'Larkfield Ledger',
    software_client_uri: 'https://ledger.larkfield.example',
    software_version: 3,
    software_redirect_uris: ['https://ledger.larkfield.example/cb', 'https://ledger.larkfield.example/cb2'],
    software_roles: ['AISP'],
    organisation_competent_authority_claims: {
      authority_id: 'FCAGBR',
      registration_id: '918273',
      status: 'Active',
      authorisations: [{ member_state: 'GB', roles: ['AISP', 'PISP'] }],
    },
    org_status: 'Active',
    org_id: BRITISH_ORGANISATION,
    org_name: 'Larkfield Finance Ltd',
    software_jwks_endpoint: jwksUri,
    software_on_behalf_of_org: null,
    ...changes,
  }
}

/** Payload of a registration around a software statement; an undefined value takes a member away. */
export function britishRequest(statement: string, changes: Changes = {}): Record<string, unknown> {
  return {
    iss: BRITISH_SOFTWARE,
    aud: BANK,
    iat: secondsFromNow(0),
    exp: secondsFromNow(300),
    jti: randomUUID(),
    redirect_uris: ['https://ledger.larkfield.example/cb'],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: `CN=${BRITISH_ORGANISATION},organizationIdentifier=${BRITISH_NUMBER},O=Larkfield Finance Ltd,C=GB`,
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: ['code id_token'],
    scope: 'openid accounts',
    application_type: 'web',
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: 'PS256',
    software_statement: statement,
    ...changes,
  }
}

/** Whoever signs for the directory and for the software, and where the keys of the software are. */
export interface BritishSigners {
  readonly directory: StatementSigner
  readonly software: StatementSigner
  readonly jwksUri: string
}

/** The whole registration as it is sent: the request of the software around a statement of the directory. */
export function signBritishRegistration(
  { directory, software, jwksUri }: BritishSigners,
  changes: { readonly claims?: Changes; readonly request?: Changes; readonly header?: Changes } = {},
): string {
  const statement = directory.sign(britishClaims(jwksUri, changes.claims))
  return software.sign(britishRequest(statement, changes.request), changes.header)
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}
