import { z } from 'zod'
import { expression, line, name } from './values.ts'

export const scopes = z
  .strictObject({
    id: name,
    clause: line.optional(),
    always: z.array(line).optional().describe('scopes everybody may have'),
    grantedBy: expression.describe('list of the roles the registrant holds'),
    roles: z.record(line, z.array(line)).describe('role to the scopes it grants'),
    prefixes: expression
      .optional()
      .describe('where this holds, a scope AIS:1234 may be registered by whoever may register AIS'),
    restrict: expression.optional().describe('where this holds, excess scopes are dropped and not refused'),
  })
  .describe('which scopes may be registered; a request without scope gets all that the roles grant')
