import { z } from 'zod'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { name } from './values.ts'

const endpointPath = z
  .string()
  .max(256)
  // No dot segments: servers disagree on whether they are resolved before or after routing.
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/,
    'a path such as /register, without query, escapes or a slash at the end',
  )
  .describe('Path that registrants send their registrations to; the clients they manage live below it.')

const parameterName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'the name of a parameter: letters, digits and underscores')
const parameterValue = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.string())])
  .describe('Value for a parameter that the policy declares.')

/** One place where registrants come in; also read alone, when others have faults. */
export const endpointSchema = z.strictObject({
  path: endpointPath,
  policy: name.describe('Policy that decides there: the name of a folder in policies.'),
  trustedIssuers: name.describe('Issuers of client certificates that are trusted there: a key of trust.'),
  directories: z
    .array(name)
    .max(20)
    .default([])
    .describe("Directories whose software statements count there: keys of directories, or the policy's."),
  parameters: z
    .record(parameterName, parameterValue)
    .default({})
    .describe('Where this endpoint departs from the defaults of its policy.'),
})

/** Which endpoint a path belongs to must be plain from the path alone. */
const apart: WholeRule = (endpoints, report) => {
  const paths = Object.values(endpoints).map((endpoint) => (endpoint as { path?: unknown } | null)?.path)
  for (const [index, path] of paths.entries()) {
    if (typeof path !== 'string') continue
    const clash = paths.slice(0, index).findIndex((other) => typeof other === 'string' && overlap(path, other))
    if (clash >= 0) report([index, 'path'], `a path apart from that of endpoints[${clash}]`)
  }
}

export const endpointsSchema = checkWhole(z.array(endpointSchema).min(1), apart)

function overlap(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`)
}
