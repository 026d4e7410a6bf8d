import { z } from 'zod'

const DAY_MS = 86_400_000
const WORDS = 'a whole number from 1 to 1000000, or unlimited'

/** A word and not 0, which would as well mean that nobody is let in. */
function requests(standard: number | 'unlimited', whose: string) {
  return z
    .union([z.int(WORDS).min(1, WORDS).max(1_000_000, WORDS), z.literal('unlimited')], WORDS)
    .default(standard)
    .describe(`Requests of ${whose} that are taken within one window; unlimited for no such limit.`)
}

const windowMs = z
  .int()
  .min(1000)
  .max(DAY_MS)
  .default(60_000)
  .describe('Length of a window, which the first request opens, in milliseconds.')

export const ratesSchema = z.strictObject({
  perAddress: z
    .strictObject({
      requests: requests(3000, 'one address'),
      windowMs,
      ipv6PrefixBits: z
        .int()
        .min(32)
        .max(128)
        .default(64)
        .describe('Bits at the beginning that IPv6 addresses have in common which count as one.'),
    })
    .prefault({})
    .describe('Counted before anything else is done with a request; unlimited behind a load balancer.'),
  perCertificate: z
    .strictObject({ requests: requests(600, 'one client certificate'), windowMs })
    .prefault({})
    .describe('Counted once the certificate is verified.'),
  perOwner: z
    .strictObject({ requests: requests('unlimited', 'one owner of certificates'), windowMs })
    .prefault({})
    .describe('Counted for all certificates of one owner together.'),
})
