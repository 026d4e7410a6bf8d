import { z } from 'zod'
import { path } from './values.ts'

const hostPattern = z
  .string()
  .max(255)
  .regex(/^(?:\*\.)?[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i, 'a host name, or *. and a domain')

const section = z.strictObject({
  hosts: z
    .array(hostPattern)
    .min(1)
    .max(100)
    .optional()
    .describe('The only hosts that are asked, besides what the policy allows, at any port.'),
  allowPrivateAddresses: z.boolean().default(false).describe('Whether keys may come from private and local addresses.'),
  caFile: path
    .optional()
    .describe('PEM file with the authorities for the certificates of these hosts; the public ones when left out.'),
})

/** Otherwise every statement could send requests into the operator's own network. */
export const softwareKeysSchema = section.refine(
  ({ hosts, allowPrivateAddresses }) => !allowPrivateAddresses || hosts !== undefined,
  { error: 'hosts beside allowPrivateAddresses', path: ['hosts'] },
)
