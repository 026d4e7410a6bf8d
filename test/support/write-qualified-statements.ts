import type { MintedExtension } from './mint-certificates.ts'
import { der, derOid } from './write-der.ts'

export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))

/** DER of one statement; without `info` where it has none. */
export function qcStatement(oid: string, info?: Buffer): Buffer {
  return der(0x30, derOid(oid), ...(info === undefined ? [] : [info]))
}

export function qcTypes(...oids: readonly string[]): Buffer {
  return qcStatement('0.4.0.1862.1.6', der(0x30, ...oids.map(derOid)))
}

/** Roles as OID and name; the texts ready-made where they are to be odd. */
export function psd2Statement(
  roles: readonly (readonly [oid: string, name: Buffer | string])[],
  ncaName: Buffer | string,
  ncaId: Buffer | string,
): Buffer {
  const list = roles.map(([oid, name]) => der(0x30, derOid(oid), textOf(name)))
  return qcStatement('0.4.0.19495.2', der(0x30, der(0x30, ...list), textOf(ncaName), textOf(ncaId)))
}

function textOf(text: Buffer | string): Buffer {
  return typeof text === 'string' ? utf8(text) : text
}

export function qcStatements(...statements: readonly Buffer[]): Buffer {
  return der(0x30, ...statements)
}

/** For `extraExtensions` of a minted certificate. */
export function qualifiedExtension(value: Buffer): MintedExtension {
  return { oid: '1.3.6.1.5.5.7.1.3', critical: false, value }
}

/** The statements of two certificates as they are in use in the United Kingdom and in France. */
export const BRITISH_STATEMENTS = Buffer.from(
  '306E3013060604008E4601063009060704008E4601060330570606040081982702304D302630110607040081982701030C065053505F41493011060704' +
    '0081982701020C065053505F50490C1B46696E616E6369616C20436F6E6475637420417574686F726974790C0647422D464341',
  'hex',
)
export const FRENCH_STATEMENTS = Buffer.from(
  '307A3008060604008E4601013013060604008E4601063009060704008E4601060330590606040081982702304F301330110607040081982701030C06' +
    '5053505F41490C2F50727564656E7469616C2053757065727669736F727920616E64205265736F6C7574696F6E20417574686F726974790C0746522D41435052',
  'hex',
)
