import { z } from 'zod'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { path } from './values.ts'

const bundle = z.strictObject({
  file: path.describe(
    'A file that `dcr-gateway bundle` wrote; its signature stands beside it, with .jws behind its name.',
  ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal')
    .optional()
    .describe(
      'Hash the file must have, so that an older edition, which is signed as well, is not taken; any when left out.',
    ),
})

const section = z.strictObject({
  folder: path
    .optional()
    .describe('Folder with one folder for each policy; policies when neither this nor bundles is there.'),
  bundles: z
    .array(bundle)
    .min(1)
    .max(50)
    .optional()
    .describe('Signed bundles of policies, in place of a folder; nothing else is loaded then.'),
  signers: path
    .optional()
    .describe(
      'JWKS file with the public keys of those who may sign bundles; each bundle must be signed by one of them.',
    ),
})

/** Unsigned files beside signed ones would be a way round the signature. */
const oneSource: WholeRule = ({ folder, bundles, signers }, report) => {
  if (bundles !== undefined && folder !== undefined) report(['folder'], 'no folder beside bundles')
  if (bundles !== undefined && signers === undefined)
    report(['signers'], 'a JWKS file, since bundles are signed', 'none')
  if (bundles === undefined && signers !== undefined)
    report(['bundles'], 'signed bundles, since signers are named', 'none')
}

export const policiesSchema = checkWhole(section, oneSource)
