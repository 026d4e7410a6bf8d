/** Where payload lies in a piece of what flows one way: offsets of its first byte and behind its last. */
export type Range = readonly [from: number, to: number]

/** Called with each piece in turn. */
export type FindPayload = (piece: Buffer) => readonly Range[]

export const createPlainFinder = (): FindPayload => (piece) => [[0, piece.length]]

const HEADER_BYTES = 5
const APPLICATION_DATA = 23

/** TLS up to 1.2: records of application data are payload (RFC 5246 section 6.2.1). TLS 1.3 hides its handshake in such records. */
export function createTlsFinder(): FindPayload {
  let header: number[] = []
  let left = 0
  return (piece) => {
    const ranges: Range[] = []
    for (let at = 0; at < piece.length;) {
      if (left === 0) {
        header.push(piece[at++] ?? 0)
        if (header.length === HEADER_BYTES) left = (header[3] ?? 0) * 256 + (header[4] ?? 0)
        continue
      }
      const end = at + Math.min(left, piece.length - at)
      if (header[0] === APPLICATION_DATA) ranges.push([at, end])
      left -= end - at
      at = end
      if (left === 0) header = []
    }
    return ranges
  }
}

export function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0)
}

/** The offset just behind so many bytes of payload; null where there are fewer. */
export function offsetBehind(ranges: readonly Range[], bytes: number): number | null {
  let left = bytes
  for (const [from, to] of ranges) {
    if (from + left <= to) return from + left
    left -= to - from
  }
  return null
}
