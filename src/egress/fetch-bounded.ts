import { Agent, request as send, type Dispatcher } from 'undici'
import { checkTarget } from './check-target.ts'
import { EgressFailure } from './egress-failure.ts'
import type { EgressRequest, EgressRules } from './egress-rules.ts'
import { guardedLookup } from './guarded-lookup.ts'

export interface EgressAnswer {
  readonly bytes: Buffer
  /** Cache-Control as sent (RFC 9111 section 5.2); empty when there is none. */
  readonly cacheControl: string
}

/** The bytes of an answer with status 200, as fetchAnswer() gets it. @throws EgressFailure */
export async function fetchBounded(request: EgressRequest, rules: EgressRules): Promise<Buffer> {
  return (await fetchAnswer(request, rules)).bytes
}

/**
 * An answer with status 200; anything else is a failure, redirects too, even to a host that is allowed: whoever finds an open redirect on
 * a trusted host would have the gateway take his own document for that host's (and could send it anywhere, SSRF). What counts here is who
 * publishes a document: the host of a `jwks_uri`, or of a sector identifier (OpenID Connect Core section 8.1). Each fetch has its own
 * connection, so that each one checks address and certificate anew.
 *
 * @throws EgressFailure
 */
export async function fetchAnswer(request: EgressRequest, rules: EgressRules): Promise<EgressAnswer> {
  const url = checkTarget(request.url, rules)
  const agent = buildAgent(rules)
  const signal = AbortSignal.timeout(rules.timeoutMs)
  const met = { isConnected: false }
  // With https, once the server has shown a certificate that is good.
  agent.on('connect', () => (met.isConnected = true))
  try {
    const { method, body = null } = request
    const options = { dispatcher: agent, signal, method, headers: headersOf(request), body }
    return await readAnswer(await send(url, options), rules.sizeLimitBytes)
  } catch (error) {
    if (error instanceof EgressFailure) throw error
    const timeout = `no complete answer in ${rules.timeoutMs} ms`
    if (signal.aborted) throw new EgressFailure('timeout', timeout, error, { isSilence: !met.isConnected })
    const code = codeOf(error)
    throw new EgressFailure('unreachable', code, error, { isSilence: !met.isConnected && NOBODY_MET.has(code) })
  } finally {
    // Also what is still being connected to, or was not read to its end.
    void agent.destroy().catch(() => undefined)
  }
}

/**
 * Whoever shows a certificate, or breaks off, is there. Were any of that silence, a registrant could have a host left alone for everybody
 * with paths at which it breaks off, or sends too much.
 */
const NOBODY_MET: ReadonlySet<string> = new Set([
  ...['EAI_AGAIN', 'ENODATA', 'ENOTFOUND'],
  ...['ECONNREFUSED', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
])

function buildAgent({ ca, clientCertificate, timeoutMs, resolveHost, ...rules }: EgressRules): Agent {
  return new Agent({
    connect: {
      ...(ca === null ? {} : { ca }),
      ...(clientCertificate === undefined
        ? {}
        : { cert: clientCertificate.certificate, key: clientCertificate.privateKey.reveal() }),
      // Said although it is the default: NODE_TLS_REJECT_UNAUTHORIZED in the environment must not switch it off.
      rejectUnauthorized: true,
      maxCachedSessions: 0,
      // Lets go of a connection that nobody waits for any more: the fetch ends by its signal, which comes first.
      timeout: timeoutMs + 1_000,
      lookup: guardedLookup(rules, resolveHost),
    },
  })
}

function headersOf({ accept, contentType }: EgressRequest): Record<string, string> {
  return contentType === undefined ? { accept } : { accept, 'content-type': contentType }
}

async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  limitBytes: number,
): Promise<EgressAnswer> {
  if (statusCode === 200)
    return { bytes: await collect(body, limitBytes), cacheControl: [headers['cache-control'] ?? []].flat().join(', ') }
  // Error pages are not read: what they say is not for registrants, and may be long.
  body.on('error', () => undefined).destroy()
  throw new EgressFailure('status', String(statusCode), undefined, { status: statusCode })
}

async function collect(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop closes the connection, so the rest is never read.
    if (bytes > limitBytes) throw new EgressFailure('too-large', `more than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Messages can quote what was received; codes cannot. */
function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException
  return code ?? name
}
