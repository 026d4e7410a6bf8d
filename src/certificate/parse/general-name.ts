import type { DistinguishedName } from '../../distinguished-name/distinguished-name.ts'

/** One name of any form (RFC 5280 section 4.2.1.6). */
export type GeneralName =
  | { readonly form: 'email' | 'dns' | 'uri'; readonly text: string }
  | {
      readonly form: 'directory'
      readonly name: DistinguishedName
      /** Equal to another one's exactly when the names match (RFC 5280 section 7.1). */
      readonly key: string
    }
  /** An address, and in a name constraint its mask after it. */
  | { readonly form: 'ip'; readonly bytes: Buffer }
  | { readonly form: 'other'; readonly typeId: string; readonly der: string }
  | { readonly form: 'x400' | 'ediParty' | 'registeredId'; readonly der: string }
