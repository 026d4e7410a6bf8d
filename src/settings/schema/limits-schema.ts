import { z } from 'zod'
import { bytes, count, milliseconds } from './values.ts'

export const limitsSchema = z.strictObject({
  handshakeTimeoutMs: milliseconds.default(10_000).describe('Longest TLS handshake, in milliseconds.'),
  headersTimeoutMs: milliseconds
    .default(10_000)
    .describe('Longest time for all headers of a request to arrive, in milliseconds.'),
  headerLimitBytes: bytes.default(16_384).describe('Size of all headers of a request together, in bytes.'),
  bodyTimeoutMs: milliseconds
    .default(10_000)
    .describe('Longest time for the body of a request to arrive, in milliseconds.'),
  bodyLimitBytes: bytes.default(65_536).describe('Size of the body of a request, in bytes.'),
  answerTimeoutMs: milliseconds
    .default(30_000)
    .describe(
      'Longest time from the end of a request to the end of its answer, in milliseconds; longer than upstream.timeoutMs.',
    ),
  idleTimeoutMs: milliseconds
    .default(60_000)
    .describe('How long a connection without a request is kept open, in milliseconds.'),
  maxConnections: count
    .default(2000)
    .describe('Connections of registrants that may be open at a time, in each process.'),
  presentedCertificates: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Certificates a registrant may present, its own and intermediates together.'),
  jsonDepth: z.int().min(1).max(100).default(8).describe('Levels of nesting in the JSON of a request.'),
  jsonValues: count.default(2000).describe('Values in the JSON of a request.'),
  statementLimitBytes: bytes.default(32_768).describe('Size of a software statement, in bytes.'),
  drainTimeoutMs: milliseconds
    .default(15_000)
    .describe('How long running requests may go on once the gateway is told to stop, in milliseconds.'),
})
