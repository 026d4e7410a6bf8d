import { Refusal, refuse } from '../model/refusal.ts'

export interface BodyLimits {
  readonly limitBytes: number
  /** For the whole body, from the first read on. */
  readonly timeoutMs: number
  /** What Content-Length says; null when the body is chunked. */
  readonly announcedBytes: number | null
}

/**
 * Reads a body to its end or refuses it as soon as it breaks a limit: bytes are counted as they come, the clock runs for the body as a
 * whole (a trickle of bytes does not wind it up again).
 *
 * @throws Refusal `body-too-large`, `body-too-slow`, `body-incomplete`
 */
export async function readBody(body: AsyncIterable<Buffer>, limits: BodyLimits): Promise<Buffer> {
  const { limitBytes, timeoutMs, announcedBytes } = limits
  if (announcedBytes !== null && announcedBytes > limitBytes) throw tooLarge(limitBytes)
  const chunks = body[Symbol.asyncIterator]()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs)
  })
  try {
    const bytes = await collect(chunks, tooLate, limitBytes)
    if (announcedBytes !== null && bytes.length !== announcedBytes) throw incomplete()
    return bytes
  } catch (failure) {
    // Not awaited: a reader that waits for bytes would let go only once they come.
    chunks.return?.().catch(() => undefined)
    throw failure instanceof Refusal ? failure : incomplete(failure)
  } finally {
    clearTimeout(timer)
  }
}

async function collect(chunks: AsyncIterator<Buffer>, tooLate: Promise<never>, limitBytes: number): Promise<Buffer> {
  const collected: Buffer[] = []
  let length = 0
  for (;;) {
    const step = await Promise.race([chunks.next(), tooLate])
    if (step.done === true) return Buffer.concat(collected, length)
    length += step.value.length
    if (length > limitBytes) throw tooLarge(limitBytes)
    collected.push(step.value)
  }
}

function tooLarge(limitBytes: number): Refusal {
  const message = 'the body is too large'
  return refuse({ reason: 'body-too-large', at: 'body', message, wanted: `at most ${limitBytes} bytes` })
}

function tooSlow(timeoutMs: number): Refusal {
  const message = 'the body took too long to arrive'
  return refuse({ reason: 'body-too-slow', at: 'body', message, wanted: `within ${timeoutMs} ms` })
}

function incomplete(cause?: unknown): Refusal {
  return refuse({ reason: 'body-incomplete', at: 'body', message: 'the body ended too early' }, cause)
}
