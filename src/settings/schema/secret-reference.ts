import { z } from 'zod'
import { path } from './values.ts'

const WORDS = 'a reference to the secret, { env: NAME } or { file: path }, and never the secret itself'

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'the name of an environment variable')

/** Where a secret is kept; `writeOnly` keeps whatever stands here instead out of every report. */
export const secretReference = z
  .strictObject(
    {
      env: variable.optional().describe('Environment variable that holds the secret.'),
      file: path.optional().describe('File that holds the secret and nothing else, a newline at the end excepted.'),
    },
    { error: WORDS },
  )
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), WORDS)
  .meta({ writeOnly: true, minProperties: 1, maxProperties: 1 })

export type SecretReference = z.infer<typeof secretReference>
