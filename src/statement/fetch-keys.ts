import { Agent, request, type Dispatcher } from 'undici'
import { KeysFailure } from './keys-failure.ts'

export interface FetchLimits {
  /** For all of it: name look-up, connection, headers and body. */
  readonly timeoutMs: number
  readonly sizeLimitBytes: number
}

/**
 * Connections to the directory and to nothing else: a new one for each fetch, never resumed, so that each fetch checks the
 * certificate anew and none meets a connection that was just closed.
 */
export function buildKeysAgent(ca: string | null): Agent {
  return new Agent({
    pipelining: 0,
    connect: {
      ...(ca === null ? {} : { ca }),
      // Said although it is the default: NODE_TLS_REJECT_UNAUTHORIZED in the environment must not switch it off.
      rejectUnauthorized: true,
      maxCachedSessions: 0,
    },
  })
}

/**
 * The bytes of the directory's JWKS document. Any status but 200 is a failure, redirects too: the operator pinned this very
 * address, and following would let whoever answers there send the gateway anywhere (SSRF).
 *
 * @throws KeysFailure
 */
export async function fetchKeys(agent: Agent, uri: string, limits: FetchLimits): Promise<Buffer> {
  const signal = AbortSignal.timeout(limits.timeoutMs)
  const headers = { accept: 'application/jwk-set+json, application/json' }
  try {
    const { statusCode, body } = await request(uri, { dispatcher: agent, signal, headers })
    if (statusCode === 200) return await collect(body, limits.sizeLimitBytes)
    discard(body)
    throw new KeysFailure('status', String(statusCode))
  } catch (error) {
    if (error instanceof KeysFailure) throw error
    if (signal.aborted) throw new KeysFailure('timeout', `no complete answer in ${limits.timeoutMs} ms`, error)
    throw new KeysFailure('unreachable', codeOf(error), error)
  }
}

async function collect(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop closes the connection, so the rest is never read.
    if (bytes > limitBytes) throw new KeysFailure('too-large', `more than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Error pages are not read: what a directory says there is not for registrants, and may be long. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy()
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
