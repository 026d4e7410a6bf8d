import { z } from 'zod'
import { host, isPlainUrl, port } from './values.ts'

const origin = z
  .string()
  .refine(
    (text) => isPlainUrl(text, ['https:']) && isOrigin(text),
    'an https origin such as https://dcr.bank.example, without a path',
  )
  .describe('Origin of the gateway as registrants see it; made into the registration_client_uri they get.')

export const listenSchema = z.strictObject({
  host: host.default('0.0.0.0').describe('Address to accept registrants on.'),
  port: port.default(8443).describe('TCP port to accept registrants on; 0 takes any free one.'),
  publicUrl: origin,
})

/** A slash at the end is forgiven: many tools show origins with one. */
function isOrigin(text: string): boolean {
  const { pathname, search } = new URL(text)
  return pathname === '/' && search === ''
}
