const CODE = /^[A-Z][A-Z0-9_]*(?= |$)/
const LAST_CODE = /Last error: ReplyError: ([A-Z]+)(?= |$)/

/**
 * The code of a failed socket, or the first word of an error reply, which is its code. Never the rest of a reply: some servers answer a
 * login they do not understand by repeating it, password included. Null for what has no code.
 */
export function describeRedisFailure(failure: unknown): string | null {
  if (!(failure instanceof Error)) return null
  if (failure.name === 'ReplyError') return CODE.exec(failure.message)?.[0] ?? 'ERR'
  if ('code' in failure && typeof failure.code === 'string') return failure.code
  // What a command was refused with until it had been redirected too often.
  return LAST_CODE.exec(failure.message)?.[1] ?? null
}

/** What kept a sentinel from naming the primary; ioredis has put it into a sentence. */
export function describeSentinelFailure(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : ''
  if (text.includes('got an invalid reply')) return 'no sentinel knows the primary'
  const code = /\b(?:WRONGPASS|NOAUTH|NOPERM)\b/.exec(text)?.[0]
  return code === undefined ? 'no sentinel answers' : `${code} of a sentinel`
}
