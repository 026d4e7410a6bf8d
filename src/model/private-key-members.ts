/** Members of private and symmetric keys (RFC 7518 section 6): a JWK that holds one is a secret, or was one before it was published. */
export const PRIVATE_KEY_MEMBERS: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
