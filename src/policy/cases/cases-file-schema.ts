import { z } from 'zod'
import { KEY_TYPES, type CertificateFacts } from '../../model/client.ts'
import type { Json } from '../../model/json.ts'
import { PSD2_ROLES, QUALIFIED_TYPES, type QualifiedStatements } from '../../model/qualified-statements.ts'

const json: z.ZodType<Json> = z.json()
const object = z.record(z.string(), json)
const texts = z.array(z.string())

const OID = /^[0-2](?:\.(?:0|[1-9]\d*))+$/
const oid = z.string().regex(OID, 'a dotted OID')

/** A name that nobody gave would make a case that passes for the wrong reason. */
function oneOf(table: Readonly<Record<string, string>>): z.ZodType<string> {
  const names = Object.keys(table)
  return z.union([z.enum(names), z.string().regex(OID, `one of ${names.join(', ')}, or a dotted OID`)])
}

/** A shape that has a place for every fact of its kind: what cases cannot give, no rule is tested by. */
type Shape<Facts> = Readonly<Record<keyof Facts, z.ZodType>>

const qualified = z.strictObject({
  compliance: z.boolean().optional(),
  sscd: z.boolean().optional(),
  types: z.array(oneOf(QUALIFIED_TYPES)).optional(),
  countries: texts.optional(),
  psd2: z
    .strictObject({
      roles: z.array(oneOf(PSD2_ROLES)).optional(),
      writtenRoles: texts.optional().describe('where they differ from roles'),
      ncaName: z.string().optional(),
      ncaId: z.string().optional(),
    })
    .nullable()
    .optional(),
  statements: z.array(oid).optional().describe('OIDs of statements beside those above'),
} satisfies Shape<QualifiedStatements>)

/** Facts of a certificate as a person writes them down; what is left out is as in an ordinary one. */
export const caseCertificateSchema = z.strictObject({
  subject: z.string().optional().describe('RFC 4514 text'),
  issuer: z.string().optional().describe('RFC 4514 text'),
  serialNumber: z.string().optional(),
  notBefore: z.iso.datetime().optional(),
  notAfter: z.iso.datetime().optional(),
  subjectAltNames: z
    .strictObject({
      dns: texts.optional(),
      uri: texts.optional(),
      ip: texts.optional(),
      email: texts.optional(),
      otherName: z.record(oid, texts).optional().describe('texts by the OID of their type'),
      directoryName: texts.optional().describe('RFC 4514 texts'),
    })
    .optional(),
  keyUsage: texts.optional(),
  extendedKeyUsage: texts.optional(),
  policies: texts.optional(),
  qualified: qualified.nullable().optional(),
  publicKey: z.strictObject({ type: z.enum(KEY_TYPES), bits: z.int(), curve: z.string().optional() }).optional(),
  thumbprint: z.string().optional(),
} satisfies Shape<Omit<CertificateFacts, 'organizationIdentifier'>>)

const facts = {
  certificate: caseCertificateSchema
    .nullable()
    .optional()
    .describe('facts of the verified client certificate; null for none'),
  statement: object.nullable().optional().describe('claims of the verified software statement; null for none'),
  statementIssuer: z
    .string()
    .min(1)
    .optional()
    .describe('directory that vouched; the first of the policy when left out'),
  metadata: object.optional().describe('client metadata as sent'),
  request: z
    .strictObject({
      contentType: z.string().optional(),
      header: z
        .strictObject({
          alg: z.string().optional(),
          kid: z.string().nullable().optional(),
          typ: z.string().nullable().optional(),
        })
        .optional(),
      claims: object.optional().describe('members of the payload that are no metadata'),
      certificate: caseCertificateSchema
        .optional()
        .describe('facts of the certificate that the request was signed with'),
    })
    .nullable()
    .optional()
    .describe('what a signed request says of itself; null for an unsigned one'),
  clientId: z.string().optional().describe('client a read, update or delete is about'),
  token: z
    .strictObject({ presented: z.boolean() })
    .optional()
    .describe('whether a token comes with the request; all but a create need one, and have it when this is left out'),
  headers: z
    .record(z.string().regex(/^[a-z0-9-]{1,64}$/, 'a header name in lower case'), z.string())
    .optional()
    .describe('headers of the request that the endpoint lets through'),
  lookups: object.optional().describe('what look-ups give, by their names; null for one that could not be fetched'),
  server: object.nullable().optional().describe('metadata of the identity server; null while they are not known'),
  parameters: object.optional(),
  now: z.iso.datetime().optional(),
  undeclared: texts
    .optional()
    .describe(
      'members and claims that the policy does not declare, named on purpose: the case shows what becomes of them',
    ),
}

const operations = z
  .array(z.enum(['create', 'read', 'update', 'delete']))
  .min(1)
  .optional()
  .describe('create when left out')
const change = { name: z.string().min(1), on: operations, ...facts }

/** Shape of cases.yaml: what is given, and changes to it (JSON merge patches, RFC 7396) that the policy must approve or reject. */
export const casesFileSchema = z.strictObject({
  given: z.strictObject(facts),
  approve: z.array(
    z.strictObject({
      ...change,
      registered: object
        .optional()
        .describe('what the identity server has of a client that was there before the gateway, for expect.client'),
      expect: z
        .strictObject({
          metadata: object.optional(),
          headers: z.record(z.string(), z.string()).optional(),
          once: z
            .record(z.string(), z.string().nullable())
            .optional()
            .describe('keys by the id of their entry, null for none'),
          client: z
            .strictObject({
              key: z.string().nullable().optional(),
              single: z.boolean().optional(),
              owner: z.string().nullable().optional(),
              registered: z.string().nullable().optional(),
            })
            .optional()
            .describe(
              'which software it is for and whose it is, null for none; registered: whose the one under registered is',
            ),
          response: z
            .strictObject({
              status: z.int().optional(),
              headers: z.record(z.string(), z.string().nullable()).optional(),
              members: object.optional().describe('what the policy adds to the answer, or the body after a deletion'),
            })
            .optional(),
        })
        .optional(),
    }),
  ),
  reject: z.array(
    z.strictObject({
      ...change,
      rules: texts.min(1).describe('exactly the rules (or reasons) that must be reported, in any order'),
      answer: z
        .string()
        .regex(/^4\d\d [a-z][a-z_]{2,63}$|^503 [a-z_]+$/, 'status and error, such as 400 invalid_redirect_uri')
        .optional()
        .describe('status and error of the answer; nothing where rules are only reported'),
    }),
  ),
})

export type CasesFile = z.infer<typeof casesFileSchema>
export type CaseFacts = CasesFile['given']
export type CaseCertificate = z.infer<typeof caseCertificateSchema>
export type CaseRequest = NonNullable<CaseFacts['request']>
export type CaseStatements = z.infer<typeof qualified>
