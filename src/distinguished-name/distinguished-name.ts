export interface AttributeValue {
  /** Dotted attribute type. */
  readonly oid: string
  /** Universal ASN.1 tag number of the value: 12 for UTF8String, 19 for PrintableString. */
  readonly tag: number
  /** Decoded text; null when the value is no well-formed string. */
  readonly value: string | null
  /** Lower-case hexadecimal of the whole value, tag and length included. */
  readonly der: string
}

export type RelativeDistinguishedName = readonly AttributeValue[]

/** An X.501 name in the order in which certificates encode it, the reverse of RFC 4514 text. */
export type DistinguishedName = readonly RelativeDistinguishedName[]
