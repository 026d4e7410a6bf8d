import { z } from 'zod'
import { httpsUrl, line, memberName, memberType, name } from './values.ts'

const ALGORITHMS = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'EdDSA'] as const

const statementMode = z.enum(['required', 'optional', 'forbidden'])

const directory = z.strictObject({
  issuers: z.array(line).min(1).describe('accepted values of the statement claim iss, compared exactly'),
  jwksUri: httpsUrl.describe('where the directory publishes its signing keys'),
})

export const softwareStatement = z
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
