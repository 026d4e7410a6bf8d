export interface AttributeType {
  /** Dotted attribute type. */
  readonly oid: string
  /** The usual name, an identifier. */
  readonly name: string
  /** Other names that are read, never written. */
  readonly aliases: readonly string[]
  /** One of the short names of RFC 4514 section 3, the only ones that every reader must know. */
  readonly inRfc4514: boolean
}

/** Names that OpenSSL, Java, Windows and the documents of the regimes use, one table for reading, writing and policies. */
export const ATTRIBUTE_TYPES: readonly AttributeType[] = [
  { oid: '2.5.4.3', name: 'CN', aliases: ['commonName'], inRfc4514: true },
  { oid: '2.5.4.7', name: 'L', aliases: ['localityName'], inRfc4514: true },
  { oid: '2.5.4.8', name: 'ST', aliases: ['stateOrProvinceName', 'S'], inRfc4514: true },
  { oid: '2.5.4.10', name: 'O', aliases: ['organizationName'], inRfc4514: true },
  { oid: '2.5.4.11', name: 'OU', aliases: ['organizationalUnitName'], inRfc4514: true },
  { oid: '2.5.4.6', name: 'C', aliases: ['countryName'], inRfc4514: true },
  { oid: '2.5.4.9', name: 'STREET', aliases: ['streetAddress'], inRfc4514: true },
  { oid: '0.9.2342.19200300.100.1.25', name: 'DC', aliases: ['domainComponent'], inRfc4514: true },
  { oid: '0.9.2342.19200300.100.1.1', name: 'UID', aliases: ['userId'], inRfc4514: true },
  { oid: '2.5.4.4', name: 'surname', aliases: ['SN'], inRfc4514: false },
  { oid: '2.5.4.5', name: 'serialNumber', aliases: [], inRfc4514: false },
  { oid: '2.5.4.12', name: 'title', aliases: ['T'], inRfc4514: false },
  { oid: '2.5.4.13', name: 'description', aliases: [], inRfc4514: false },
  { oid: '2.5.4.15', name: 'businessCategory', aliases: [], inRfc4514: false },
  { oid: '2.5.4.16', name: 'postalAddress', aliases: [], inRfc4514: false },
  { oid: '2.5.4.17', name: 'postalCode', aliases: [], inRfc4514: false },
  { oid: '2.5.4.18', name: 'postOfficeBox', aliases: [], inRfc4514: false },
  { oid: '2.5.4.20', name: 'telephoneNumber', aliases: [], inRfc4514: false },
  { oid: '2.5.4.42', name: 'givenName', aliases: ['GN'], inRfc4514: false },
  { oid: '2.5.4.43', name: 'initials', aliases: [], inRfc4514: false },
  { oid: '2.5.4.44', name: 'generationQualifier', aliases: [], inRfc4514: false },
  { oid: '2.5.4.45', name: 'uniqueIdentifier', aliases: ['x500UniqueIdentifier'], inRfc4514: false },
  { oid: '2.5.4.46', name: 'dnQualifier', aliases: [], inRfc4514: false },
  { oid: '2.5.4.51', name: 'houseIdentifier', aliases: [], inRfc4514: false },
  { oid: '2.5.4.65', name: 'pseudonym', aliases: [], inRfc4514: false },
  { oid: '2.5.4.97', name: 'organizationIdentifier', aliases: [], inRfc4514: false },
  { oid: '1.2.840.113549.1.9.1', name: 'emailAddress', aliases: ['E'], inRfc4514: false },
  { oid: '1.2.840.113549.1.9.2', name: 'unstructuredName', aliases: [], inRfc4514: false },
  { oid: '1.3.6.1.4.1.311.60.2.1.1', name: 'jurisdictionLocalityName', aliases: ['jurisdictionL'], inRfc4514: false },
  {
    oid: '1.3.6.1.4.1.311.60.2.1.2',
    name: 'jurisdictionStateOrProvinceName',
    aliases: ['jurisdictionST'],
    inRfc4514: false,
  },
  { oid: '1.3.6.1.4.1.311.60.2.1.3', name: 'jurisdictionCountryName', aliases: ['jurisdictionC'], inRfc4514: false },
]

const BY_NAME = new Map(
  ATTRIBUTE_TYPES.flatMap((type) => [type.name, ...type.aliases].map((name) => [name.toLowerCase(), type])),
)
const BY_OID = new Map(ATTRIBUTE_TYPES.map((type) => [type.oid, type]))

/** Finds a name in any letter case (RFC 4512 section 1.4). */
export function attributeTypeByName(name: string): AttributeType | undefined {
  return BY_NAME.get(name.toLowerCase())
}

export function attributeTypeByOid(oid: string): AttributeType | undefined {
  return BY_OID.get(oid)
}
