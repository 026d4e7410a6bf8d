import { z } from 'zod'
import { milliseconds, path, port } from './values.ts'

/** How look-ups of policies are made; whose documents may be fetched is the policy's to say. */
export const lookupsSchema = z.strictObject({
  timeoutMs: milliseconds
    .default(3_000)
    .describe(
      'Longest wait for the documents that a decision needs, which are fetched at the same time, in milliseconds.',
    ),
  caFile: path
    .optional()
    .describe(
      'PEM file with the authorities for the certificates of hosts that policies list; the public ones when left out.',
    ),
  ports: z
    .array(port.min(1))
    .min(1)
    .max(16)
    .default([443])
    .describe("TCP ports of hosts that policies list; hosts of the registrant's choice are asked on 443 alone."),
  allowPrivateAddresses: z
    .boolean()
    .default(false)
    .describe(
      "Whether hosts that policies list may lie in a private network; hosts of the registrant's choice never may.",
    ),
})
