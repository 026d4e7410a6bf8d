import { z } from 'zod'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { httpsUrl, name, path } from './values.ts'

const claimPath = z
  .string()
  .max(500)
  .regex(/^[^.\p{Cc}]+(?:\.[^.\p{Cc}]+){0,7}$/u, 'a path of names with dots in between, such as organisation.id')

const section = z.strictObject({
  issuers: z
    .array(z.string().min(1).max(500))
    .min(1)
    .optional()
    .describe(
      'Values of iss in the software statements of the directory, compared exactly; with x5c any that the certificate names, when left out.',
    ),
  jwksUri: httpsUrl.optional().describe('Where the directory publishes its signing keys.'),
  jwksFile: path.optional().describe('JWKS file with the signing keys of the directory, instead; read at start.'),
  x5c: z
    .strictObject({
      trustedIssuers: name.describe('Issuers of certificates that statements are signed with: a key of trust.'),
    })
    .optional()
    .describe('Statements carry the chain of their signer, instead; its certificate must name their iss as a URI.'),
  caFile: path
    .optional()
    .describe("PEM file with the authorities for the directory's certificate; the public ones when left out."),
  claims: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a claim'),
      claimPath.describe('Path under which this directory has a claim that the policy declares by that name.'),
    )
    .default({})
    .describe('Claims that this directory has under other names.'),
})

const SOURCES = ['jwksUri', 'jwksFile', 'x5c']

/** One source of keys: of two, nobody could say whose word counts. */
const oneSource: WholeRule = (directory, report) => {
  const given = SOURCES.filter((source) => directory[source] !== undefined)
  if (given.length !== 1) report([], `one source of keys: ${SOURCES.join(', ')}`, given.join(' and ') || 'none')
  if (directory['issuers'] === undefined && directory['x5c'] === undefined) report(['issuers'], 'values of iss', 'none')
  if (directory['caFile'] !== undefined && directory['jwksUri'] === undefined)
    report(['caFile'], 'no authorities, since nothing is fetched')
}

export const directorySchema = checkWhole(section, oneSource)
