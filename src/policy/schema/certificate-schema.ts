import { z } from 'zod'
import { expression, name } from './values.ts'

const objectIdentifier = z
  .string()
  .regex(/^[0-2](\.(0|[1-9][0-9]{0,38})){1,30}$/, 'an object identifier such as 2.16.76.1.2.1.1')
const certificatePolicies = z
  .strictObject({
    anyOf: z.array(objectIdentifier).min(1).describe('one of these must hold along the whole path'),
    inhibitMapping: z.boolean().optional().describe('policies of one authority are not taken for those of another'),
    inhibitAnyPolicy: z.boolean().optional().describe('anyPolicy counts for nothing'),
  })
  .describe('certificate policies of which the path must be valid for one (RFC 5280 section 6.1.1)')

const unknownRevocation = z.enum(['refuse', 'accept'])
const revocation = z
  .strictObject({
    check: z
      .array(z.enum(['ocsp', 'crl']))
      .min(1)
      .max(2)
      .describe('what is asked, in this order, until one tells'),
    unknown: unknownRevocation.optional().describe('what follows where nobody can tell; refuse when left out'),
    lastGoodHoldsSeconds: z
      .int()
      .min(0)
      .max(2_592_000)
      .optional()
      .describe('how long past its end the last good answer counts while there is no newer one; 0 when left out'),
    issuers: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(1000).describe('issuer of the certificate in question, as RFC 4514 text'),
          unknown: unknownRevocation,
        }),
      )
      .max(100)
      .optional()
      .describe('exceptions by issuer'),
  })
  .describe('how it is found out whether certificates were revoked; not at all when left out')

export const clientCertificate = z
  .strictObject({
    required: z
      .boolean()
      .optional()
      .describe('refuse registrants that present no client certificate; true when left out'),
    unclassified: z
      .enum(['refuse', 'accept'])
      .optional()
      .describe('what follows for a certificate of none of the classes; refuse when left out'),
    certificatePolicies: certificatePolicies.optional(),
    revocation: revocation.optional(),
  })
  .describe('what is demanded of the TLS connection; keys left out are those of the extended policy')

export const certificateClasses = z
  // Their order decides, and JavaScript puts keys that look like numbers before all others.
  .record(name.regex(/^[a-z]/, 'a name that begins with a letter'), expression)
  .describe(
    'kinds of certificates, told apart before any rule: the first whose condition over certificate, parameters and now holds',
  )
