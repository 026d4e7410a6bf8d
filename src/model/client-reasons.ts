const request = { status: 400, error: 'invalid_client_metadata' } as const

/** The part of the closed table of reasons that is about which client it is, and whose. */
export const CLIENT_REASONS = {
  'client-owner-unknown': {
    ...request,
    remedy: 'use a certificate whose subject names the party that the client is for',
  },
  'client-exists': {
    ...request,
    remedy: 'update the client that this software has, or delete it before you register another one',
  },
} as const
