import { z } from 'zod'
import { certificateClasses, clientCertificate } from './certificate-schema.ts'
import { client } from './client-schema.ts'
import { effect } from './effect-schema.ts'
import { errorAnswer } from './error-answer-schema.ts'
import { lookup } from './lookups-schema.ts'
import { once } from './once-schema.ts'
import { parameter } from './parameter-schema.ts'
import { reasons } from './reasons-schema.ts'
import { response } from './response-schema.ts'
import { rule } from './rule-schema.ts'
import { scopes } from './scopes-schema.ts'
import { signedRequest } from './signed-request-schema.ts'
import { softwareStatement } from './statement-schema.ts'
import { types, vocabularies } from './typing-schema.ts'
import { expression, headerName, line, memberName, memberType, name } from './values.ts'

/** Shape of policy.yaml; also written out as policies/policy.schema.json for editors. */
export const policyFileSchema = z.strictObject({
  apiVersion: z.literal('dcr-gateway/v1'),
  name: name.describe('equal to the name of the folder'),
  version: line,
  title: line,
  source: line.describe('the document this policy puts into rules'),
  extends: z.array(name).optional().describe('policies whose rules come first'),
  off: z.array(name).optional().describe('ids of extended rules, and entries of once, that are switched off'),
  parameters: z.record(memberName, parameter).optional(),
  vocabularies: vocabularies.optional(),
  types: types.optional(),
  clientCertificate: clientCertificate.optional(),
  certificateClasses: certificateClasses.optional(),
  softwareStatement: softwareStatement.optional(),
  signedRequest: signedRequest.optional(),
  members: z.record(memberName, memberType).optional().describe('client metadata that may be registered, with types'),
  unknownMembers: z.enum(['strip', 'refuse']).optional().describe('what happens to members that are not declared'),
  lookups: z
    .record(memberName, lookup)
    .optional()
    .describe('documents that are fetched before the decision; at most eight'),
  variables: z.record(memberName, expression).optional(),
  effects: z.array(effect).optional(),
  scopes: scopes.optional(),
  rules: z.array(rule).optional(),
  headers: z.record(headerName, expression).optional(),
  client: client.optional(),
  once: z.array(once).optional(),
  response: response.optional(),
  errorAnswer: errorAnswer.optional(),
  reasons: reasons.optional(),
})

export type PolicyFileContent = z.infer<typeof policyFileSchema>
