/** A role of a payment service provider (ETSI TS 119 495 section 5.2.2). */
export interface Psd2Role {
  readonly oid: string
  /** By the OID, which alone decides; the OID itself where it has no name here. */
  readonly name: string
  /** What the issuer wrote beside the OID: free text, in certificates in use often another one. */
  readonly writtenName: string
}

export interface Psd2Statement {
  readonly roles: readonly Psd2Role[]
  /** National competent authority. */
  readonly ncaName: string
  /** `GB-FCA`. */
  readonly ncaId: string
}

/** What the issuer states of a qualified certificate (RFC 3739 section 3.2.6, ETSI EN 319 412-5, ETSI TS 119 495). */
export interface QualifiedStatements {
  /** Dotted OIDs of all statements, in their order, those that are not taken apart here included. */
  readonly statements: readonly string[]
  /** Qualified under the law of `countries`, of the European Union when that is empty. */
  readonly compliance: boolean
  /** The private key is in a qualified device. */
  readonly sscd: boolean
  /** `esign`, `eseal`, `web`; the dotted OID of any other. */
  readonly types: readonly string[]
  readonly countries: readonly string[]
  readonly psd2: Psd2Statement | null
}

/** Of a certificate without the extension. */
export const NO_STATEMENTS: QualifiedStatements = {
  statements: [],
  compliance: false,
  sscd: false,
  types: [],
  countries: [],
  psd2: null,
}

/** Statements that are taken apart (ETSI EN 319 412-5 sections 4.2 and 4.3, ETSI TS 119 495 section 5.1). */
export const STATEMENT = {
  compliance: '0.4.0.1862.1.1',
  sscd: '0.4.0.1862.1.4',
  types: '0.4.0.1862.1.6',
  countries: '0.4.0.1862.1.7',
  psd2: '0.4.0.19495.2',
} as const

/** ETSI EN 319 412-5 section 4.2.3. */
export const QUALIFIED_TYPES = {
  esign: '0.4.0.1862.1.6.1',
  eseal: '0.4.0.1862.1.6.2',
  web: '0.4.0.1862.1.6.3',
} as const

/** ETSI TS 119 495 annex A. */
export const PSD2_ROLES = {
  Unspecified: '0.4.0.19495.1.0',
  PSP_AS: '0.4.0.19495.1.1',
  PSP_PI: '0.4.0.19495.1.2',
  PSP_AI: '0.4.0.19495.1.3',
  PSP_IC: '0.4.0.19495.1.4',
} as const

/** Name of an OID in one of the tables above; the OID itself when it has none. */
export function nameOfOid(oid: string, table: Readonly<Record<string, string>>): string {
  return Object.keys(table).find((name) => table[name] === oid) ?? oid
}
