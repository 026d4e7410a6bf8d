import { RevocationFailure } from './revocation-failure.ts'

/** Whatever a parser throws at bytes of the network or the disk is about the bytes. @throws RevocationFailure */
export function parseAnswer<Answer>(der: Buffer, parse: (der: Buffer) => Answer): Answer {
  try {
    return parse(der)
  } catch (error) {
    throw new RevocationFailure('malformed', error instanceof Error ? error.message : 'unknown', error)
  }
}
