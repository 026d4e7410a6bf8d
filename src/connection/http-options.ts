/** What one registrant may cost before anything of him is known. */
export interface ConnectionLimits {
  readonly handshakeTimeoutMs: number
  readonly headersTimeoutMs: number
  readonly headerLimitBytes: number
  readonly bodyTimeoutMs: number
  /** From the end of a request to the end of its answer; stages have limits of their own within it. */
  readonly answerTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly maxConnections: number
}

const LONGEST_CHECK_INTERVAL_MS = 1_000

/** Builds what node:http is told about the limits of a request. */
export function buildHttpOptions(limits: ConnectionLimits) {
  const { headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs, headerLimitBytes, handshakeTimeoutMs } = limits
  return {
    handshakeTimeout: handshakeTimeoutMs,
    headersTimeout: headersTimeoutMs,
    // The reading of the body has a clock of its own; this one catches whoever sends without being read.
    requestTimeout: headersTimeoutMs + bodyTimeoutMs,
    connectionsCheckingInterval: Math.min(LONGEST_CHECK_INTERVAL_MS, headersTimeoutMs),
    keepAliveTimeout: idleTimeoutMs,
    maxHeaderSize: headerLimitBytes,
    // Lenient parsing is how two servers come to see two different requests (RFC 9112 section 11.2).
    insecureHTTPParser: false,
    // Checked here instead (check-head.ts), so that it is answered in JSON.
    requireHostHeader: false,
  }
}
