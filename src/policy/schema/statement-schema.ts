import { z } from 'zod'
import { algorithms } from './algorithms.ts'
import { claimPath, httpsUrl, line, memberName, memberType, name } from './values.ts'

export const statementMode = z.enum(['required', 'optional', 'forbidden'])

const directoryKeys = z.strictObject({
  issuers: z
    .array(line)
    .min(1)
    .optional()
    .describe(
      'accepted values of the statement claim iss, compared exactly; with x5c any that the certificate names, when left out',
    ),
  jwksUri: httpsUrl.optional().describe('where the directory publishes its signing keys'),
  jwksFile: z
    .string()
    .regex(
      /^(?!\.{0,2}\/)(?!.*\/\.{1,2}\/)[A-Za-z0-9._/-]{1,200}$/,
      'a file beside this one or below, such as keys/directory.jwks',
    )
    .optional()
    .describe('JWKS file beside this one with the signing keys of the directory'),
  x5c: z
    .strictObject({ trustedIssuers: name.describe('a key of trust in gateway.yaml') })
    .optional()
    .describe('statements carry the chain of their signer, whose certificate must name their iss as a URI'),
  claims: z
    .record(memberName, claimPath)
    .optional()
    .describe('declared claims by the path under which this directory has them'),
})

const SOURCES = ['jwksUri', 'jwksFile', 'x5c'] as const

/** One source of keys: of two, nobody could say whose word counts. */
const directory = directoryKeys.superRefine((keys, context) => {
  const given = SOURCES.filter((source) => keys[source] !== undefined)
  if (given.length !== 1) {
    const message = `one source of keys: ${SOURCES.join(', ')}`
    context.addIssue({ code: 'custom', path: [], message, params: { found: given.join(' and ') || 'none' } })
  }
  if (keys.issuers === undefined && keys.x5c === undefined)
    context.addIssue({ code: 'custom', path: ['issuers'], message: 'values of iss', params: { found: 'none' } })
})

export const softwareStatement = z
  .strictObject({
    create: statementMode.optional(),
    update: statementMode.optional(),
    algorithms: algorithms.optional().describe('JWS algorithms a statement may be signed with'),
    maxAgeSeconds: z.int().min(1).max(31_536_000).optional().describe('oldest acceptable iat'),
    clockSkewSeconds: z.int().min(0).max(300).optional().describe('how far iat may lie in the future'),
    directories: z.record(name, directory).optional().describe('directories the regime knows; gateway.yaml chooses'),
    claims: z.record(memberName, memberType).optional().describe('claims that rules may name, with their types'),
  })
  .describe('what is demanded of the software statement (RFC 7591 section 2.3)')
