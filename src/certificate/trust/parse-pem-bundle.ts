/** One PEM block as it lies in its file (RFC 7468). */
export interface PemBlock {
  /** Such as `CERTIFICATE` or `PRIVATE KEY`. */
  readonly label: string
  /** 1-based line of the `BEGIN`. */
  readonly line: number
  /** Null when the block is not closed or holds no base64. */
  readonly der: Buffer | null
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----\s*$/

/** Every block of a text in order; whatever stands between blocks is commentary (RFC 7468 section 2). */
export function parsePemBundle(text: string): readonly PemBlock[] {
  const lines = text.split('\n')
  const blocks: PemBlock[] = []
  lines.forEach((line, index) => {
    const label = BEGIN.exec(line)?.[1]
    if (label !== undefined) blocks.push({ label, line: index + 1, der: decodeBlock(lines, index + 1, label) })
  })
  return blocks
}

function decodeBlock(lines: readonly string[], start: number, label: string): Buffer | null {
  const end = lines.findIndex((line, index) => index >= start && line.startsWith('-----'))
  if (end < 0 || lines[end]?.trim() !== `-----END ${label}-----`) return null
  const base64 = lines.slice(start, end).join('').replace(/\s+/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 === 0 ? Buffer.from(base64, 'base64') : null
}
