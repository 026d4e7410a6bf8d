import { attributeTypeByName } from '../../src/distinguished-name/attribute-types.ts'
import type { DistinguishedName } from '../../src/distinguished-name/distinguished-name.ts'
import { der, derOid } from './write-der.ts'

export type StringType = 'utf8' | 'printable' | 'ia5' | 'teletex' | 'bmp' | 'universal' | 'numeric' | 'visible'

/** Name or dotted OID, text, and the string type where it is not the usual one of that attribute. */
export type Attribute = readonly [type: string, value: string, as?: StringType]

/** Attributes in certificate order (the reverse of RFC 4514 text); a list inside the list is a multi-valued RDN. */
export type Subject = readonly (Attribute | readonly Attribute[])[]

export interface BrazilianIdentity {
  readonly softwareId: string
  readonly organisationId: string
  readonly commonName?: string
  readonly organisationName?: string
  readonly organisationNumber?: string
}

/** Subject of an Open Finance Brasil transport certificate (BRCAC) in the order issued since 2023-01-19. */
export function brazilianSubject(identity: BrazilianIdentity): Subject {
  return [
    ['businessCategory', 'Private Organization'],
    ['jurisdictionCountryName', 'BR'],
    ['serialNumber', identity.organisationNumber ?? '11222333000181'],
    ['C', 'BR'],
    ['O', identity.organisationName ?? 'Banco Ipe SA'],
    ['ST', 'SP'],
    ['L', 'Sao Paulo'],
    ['organizationIdentifier', `OFBBR-${identity.organisationId}`],
    ['UID', identity.softwareId],
    ['CN', identity.commonName ?? 'mtls.ipe.example.com.br'],
  ]
}

/** DER of an X.501 name with exactly the string types asked for; the library's own name parser drops quoted parts. */
export function encodeName(subject: Subject): Buffer {
  return der(
    0x30,
    ...subject.map((item) =>
      der(
        0x31,
        ...relative(item)
          .map(encodeAttribute)
          .sort((one, other) => one.compare(other)),
      ),
    ),
  )
}

const STRING_TAGS: Readonly<Record<StringType, number>> = {
  utf8: 12,
  numeric: 18,
  printable: 19,
  teletex: 20,
  ia5: 22,
  visible: 26,
  universal: 28,
  bmp: 30,
}

/** RFC 5280 appendix A.1 fixes the string type of some attributes; UTF8String is usual for all others. */
const USUAL_STRING_TYPES: Readonly<Record<string, StringType>> = {
  '2.5.4.5': 'printable',
  '2.5.4.6': 'printable',
  '2.5.4.46': 'printable',
  '1.3.6.1.4.1.311.60.2.1.3': 'printable',
  '0.9.2342.19200300.100.1.25': 'ia5',
  '1.2.840.113549.1.9.1': 'ia5',
}

/** The same name as the sources know it. */
export function distinguishedName(subject: Subject): DistinguishedName {
  return subject.map((item) =>
    relative(item).map((attribute) => {
      const { oid, tag, encoded } = encodeValue(attribute)
      return { oid, tag, value: attribute[1], der: encoded.toString('hex') }
    }),
  )
}

function relative(item: Attribute | readonly Attribute[]): readonly Attribute[] {
  return isAttribute(item) ? [item] : item
}

function isAttribute(item: Attribute | readonly Attribute[]): item is Attribute {
  return typeof item[0] === 'string'
}

function encodeAttribute(attribute: Attribute): Buffer {
  const { oid, encoded } = encodeValue(attribute)
  return der(0x30, derOid(oid), encoded)
}

function encodeValue([type, value, as]: Attribute): {
  readonly oid: string
  readonly tag: number
  readonly encoded: Buffer
} {
  const oid = attributeTypeByName(type)?.oid ?? type
  const stringType = as ?? USUAL_STRING_TYPES[oid] ?? 'utf8'
  const tag = STRING_TAGS[stringType]
  return { oid, tag, encoded: der(tag, encodeText(value, stringType)) }
}

function encodeText(value: string, type: StringType): Buffer {
  if (type === 'utf8') return Buffer.from(value, 'utf8')
  if (type === 'bmp') return Buffer.from(value, 'utf16le').swap16()
  if (type === 'universal')
    return Buffer.concat(Array.from(value, (character) => fourBytes(character.codePointAt(0) ?? 0)))
  return Buffer.from(value, 'latin1')
}

function fourBytes(codePoint: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(codePoint)
  return bytes
}
