import { createHash } from 'node:crypto'
import type { StoredAnswer } from './answer-folder.ts'

/** First line of every file. */
const FORMAT = 'dcr-gateway revocation 1'
/** More than the lines before the signed bytes can be. */
export const HEADER_LIMIT_BYTES = 8192
const HEADER_LINES = 7

/**
 * A few lines of text, then the signed bytes as they came:
 *
 *     dcr-gateway revocation 1
 *     crl
 *     <key>
 *     <address>
 *     2027-01-02T03:04:05.678Z
 *     <hexadecimal nonce, or ->
 *     <hexadecimal SHA-256 of what follows>
 *
 * The hash finds damage. It proves nothing: who signed is found out anew.
 */
export function writeAnswerFile({ source, key, url, acceptedAt, nonce, der }: StoredAnswer): Buffer {
  const nonceText = nonce === null ? '-' : nonce.toString('hex')
  const lines = [FORMAT, source, key, url, acceptedAt.toISOString(), nonceText, sha256(der)]
  return Buffer.concat([Buffer.from(lines.map((line) => `${line}\n`).join('')), der])
}

/** Null for anything but a whole file of this format. */
export function readAnswerFile(bytes: Buffer): StoredAnswer | null {
  const start = endOfHeader(bytes)
  if (start === null) return null
  const [format, source, key = '', url = '', time = '', nonceText = '', hash] = bytes
    .toString('utf8', 0, start)
    .split('\n')
  const der = bytes.subarray(start)
  if (format !== FORMAT || (source !== 'crl' && source !== 'ocsp') || hash !== sha256(der)) return null
  const acceptedAt = readTime(time)
  const nonce = readNonce(nonceText)
  if (key === '' || !URL.canParse(url) || acceptedAt === null || nonce === undefined) return null
  return { source, key, url, acceptedAt, nonce, der }
}

/** The name of a file says what it is for, so that one that was renamed is found out. */
export function answerFileName(source: StoredAnswer['source'], key: string): string {
  return `${sha256(Buffer.from(`${source} ${key}`))}.answer`
}

function endOfHeader(bytes: Buffer): number | null {
  let end = 0
  for (let line = 0; line < HEADER_LINES; line += 1) {
    end = bytes.indexOf('\n', end) + 1
    if (end === 0 || end > HEADER_LIMIT_BYTES) return null
  }
  return end
}

function readTime(text: string): Date | null {
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString() === text ? time : null
}

/** Undefined for what is no nonce. */
function readNonce(text: string): Buffer | null | undefined {
  if (text === '-') return null
  return /^(?:[0-9a-f]{2}){1,128}$/.test(text) ? Buffer.from(text, 'hex') : undefined
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
