import { z } from 'zod'
import { REASON_GROUPS, REASONS, type Reason } from '../model/reasons.ts'
import { isReservedHeader } from '../model/reserved-headers.ts'
import { parseMemberType } from './member-type.ts'

const ALGORITHMS = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'EdDSA'] as const

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of lower-case letters, digits and hyphens')
const line = z.string().min(1).max(500)
const expression = z.string().min(1).max(4000).describe('a CEL expression')
const effectValue = z
  .union([expression, z.boolean(), z.number()], {
    error: `an expression, such as '"text"', '["one", "two"]', true or 5`,
  })
  .transform(String)
const memberName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a member name of letters, digits and underscores')
const memberType = z
  .string()
  .refine(
    (text) => parseMemberType(text) !== null,
    'a type: string, bool, int, double, timestamp, dyn, list(T) or map(string, T)',
  )
const operation = z.enum(['create', 'read', 'update', 'delete'])
const on = z.array(operation).min(1).describe('operations it applies to; create and update when left out')
const errorCode = z
  .string()
  .regex(/^[a-z][a-z_]{2,63}$/, 'an error code such as invalid_client_metadata')
  .describe("error of the answer (RFC 7591 section 3.2.2, or the regime's own)")
const status = z.int().min(400).max(499)
const httpsUrl = z.url({ protocol: /^https$/ })

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name of letters, digits and hyphens')
  // A policy that could set these would be believed where the gateway verified nothing.
  .refine((header) => !isReservedHeader(header), 'a header that says nothing of identity, framing or routing')

const statementMode = z.enum(['required', 'optional', 'forbidden'])

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

const clientCertificate = z
  .strictObject({
    required: z
      .boolean()
      .optional()
      .describe('refuse registrants that present no client certificate; true when left out'),
    certificatePolicies: certificatePolicies.optional(),
    revocation: revocation.optional(),
  })
  .describe('what is demanded of the TLS connection; keys left out are those of the extended policy')

const directory = z.strictObject({
  issuers: z.array(line).min(1).describe('accepted values of the statement claim iss, compared exactly'),
  jwksUri: httpsUrl.describe('where the directory publishes its signing keys'),
})

const softwareStatement = z
  .strictObject({
    create: statementMode.optional(),
    update: statementMode.optional(),
    algorithms: z.array(z.enum(ALGORITHMS)).min(1).optional().describe('JWS algorithms a statement may be signed with'),
    maxAgeSeconds: z.int().min(1).max(31_536_000).optional().describe('oldest acceptable iat'),
    clockSkewSeconds: z.int().min(0).max(300).optional().describe('how far iat may lie in the future'),
    directories: z
      .record(name, directory)
      .optional()
      .describe('directories the regime knows; gateway.yaml chooses one'),
    claims: z.record(memberName, memberType).optional().describe('claims that rules may name, with their types'),
  })
  .describe('what is demanded of the software statement (RFC 7591 section 2.3)')

const parameter = z
  .strictObject({
    type: z.enum(['string', 'bool', 'int', 'list(string)']),
    default: z.union([z.string(), z.boolean(), z.int(), z.array(z.string())]),
    oneOf: z
      .array(z.union([z.string(), z.int()]))
      .min(1)
      .optional(),
    meaning: line,
  })
  .describe('a switch that gateway.yaml may set without editing this file')

const ruleKeys = z.strictObject({
  id: name,
  title: line.describe('what the rule demands, for a table a regulator can sign off'),
  clause: line.optional().describe('where the regime demands it'),
  on: on.optional(),
  when: expression.optional().describe('the rule applies only where this holds'),
  require: expression.describe('must hold, or the rule is broken'),
  at: line.optional().describe('metadata member, claim or certificate field the registrant should look at'),
  message: line.describe('what is wrong, for the registrant'),
  wanted: expression.optional().describe('value that would have been accepted'),
  found: expression.optional().describe('value that was not'),
  error: errorCode.optional(),
  description: z
    .string()
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,400}$/, 'up to 400 printable ASCII characters other than " and \\')
    .optional()
    .describe('error_description of the answer where the regime fixes its words and this rule decides; taken verbatim'),
  status: status.optional(),
  mode: z.enum(['enforce', 'report']).optional().describe('report: written to the audit trail, not refused'),
  from: z.iso.date().optional().describe('first day (UTC) the rule is in force'),
  until: z.iso.date().optional().describe('last day (UTC) the rule is in force'),
  override: z.boolean().optional().describe('replaces the rule of the same id in a policy this one extends'),
})

/** Dates in this form compare as text. A rule that ends before it begins would be loaded and never applied. */
const rule = ruleKeys.superRefine(({ from, until }, context) => {
  if (from === undefined || until === undefined || from <= until) return
  const message = `a day on or after the first one, ${from}`
  context.addIssue({ code: 'custom', path: ['until'], message, params: { found: until } })
})

const effect = z
  .strictObject({
    on: on.optional(),
    when: expression.optional(),
    default: z
      .record(memberName, effectValue)
      .optional()
      .describe('members given a value where the registrant sent none'),
    set: z.record(memberName, effectValue).optional().describe('members given a value whatever the registrant sent'),
    remove: z.array(memberName).min(1).optional().describe('members taken out'),
  })
  .describe('a change to the metadata, made before the rules judge it; an optional without value changes nothing')

const scopes = z
  .strictObject({
    id: name,
    clause: line.optional(),
    always: z.array(line).optional().describe('scopes everybody may have'),
    grantedBy: expression.describe('list of the roles the registrant holds'),
    roles: z.record(line, z.array(line)).describe('role to the scopes it grants'),
    restrict: expression.optional().describe('where this holds, excess scopes are dropped and not refused'),
  })
  .describe('which scopes may be registered; a request without scope gets all that the roles grant')

const reasonOverride = z.strictObject({
  clause: line.optional(),
  status: status.optional(),
  error: errorCode.optional(),
})
const reasonNames = Object.keys(REASONS) as [Reason, ...Reason[]]

/** Shape of policy.yaml; also written out as policies/policy.schema.json for editors. */
export const policyFileSchema = z.strictObject({
  apiVersion: z.literal('dcr-gateway/v1'),
  name: name.describe('equal to the name of the folder'),
  version: line,
  title: line,
  source: line.describe('the document this policy puts into rules'),
  extends: z.array(name).optional().describe('policies whose rules come first'),
  off: z.array(name).optional().describe('ids of extended rules that are switched off'),
  parameters: z.record(memberName, parameter).optional(),
  clientCertificate: clientCertificate.optional(),
  softwareStatement: softwareStatement.optional(),
  members: z.record(memberName, memberType).optional().describe('client metadata that may be registered, with types'),
  unknownMembers: z.enum(['strip', 'refuse']).optional().describe('what happens to members that are not declared'),
  variables: z.record(memberName, expression).optional(),
  effects: z.array(effect).optional(),
  scopes: scopes.optional(),
  rules: z.array(rule).optional(),
  headers: z.record(headerName, expression).optional(),
  reservation: expression.optional().describe('names the client of which one registration may run at a time'),
  reasons: z
    .partialRecord(z.enum([...reasonNames, ...REASON_GROUPS]), reasonOverride)
    .optional()
    .describe(
      'clause, status or error of built-in checks; a name that ends in -* is for those that begin so and are not named',
    ),
})

export type PolicyFileContent = z.infer<typeof policyFileSchema>
export type RuleContent = z.infer<typeof rule>
export type EffectContent = z.infer<typeof effect>
export type ParameterContent = z.infer<typeof parameter>
