import { z } from 'zod'

/** JWS algorithms that a policy may allow: neither `none` nor any MAC (RFC 8725 section 3.1). */
export const algorithms = z
  .array(z.enum(['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'EdDSA']))
  .min(1)
