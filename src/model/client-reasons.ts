const request = { status: 400, error: 'invalid_client_metadata' } as const

/** The part of the closed table of reasons that is about which client it is, and whose. */
export const CLIENT_REASONS = {
  'client-owner-unknown': {
    ...request,
    remedy: 'use a certificate whose subject names the party that the client is for',
  },
  'client-exists': {
    ...request,
    remedy:
      'update the client that this software has, or delete it before you register another one; if you never got its credentials, send the very registration again within minutes, or ask support',
  },
  'registration-in-progress': { ...request, remedy: 'wait for the answer to the other request of this software' },
  'registration-unsettled': {
    status: 503,
    error: 'temporarily_unavailable',
    retryAfterSeconds: 30,
    remedy: 'try again later; what an earlier registration of this software left behind cannot be cleared away now',
  },
} as const
