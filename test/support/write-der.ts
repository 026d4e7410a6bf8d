/** Smallest DER writer, for what the certificate library cannot or will not write. `identifier` is the whole first byte: 0x30 for SEQUENCE. */
export function der(identifier: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.of(identifier), derLength(body.length), body])
}

export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(BigInt)
  return der(0x06, Buffer.from([BigInt(first) * 40n + BigInt(second), ...rest].flatMap(base128)))
}

export function derInteger(value: number | bigint): Buffer {
  let hex = BigInt.asUintN(8 * 32, BigInt(value))
    .toString(16)
    .padStart(64, '0')
  const redundant = value < 0 ? /^ff(?=[89a-f])/ : /^00(?=[0-7])/
  while (redundant.test(hex)) hex = hex.slice(2)
  return der(0x02, Buffer.from(hex, 'hex'))
}

/** BIT STRING with the numbered bits set and no trailing zeros (X.690 section 11.2.2). */
export function derNamedBits(numbers: readonly number[]): Buffer {
  if (numbers.length === 0) return der(0x03, Buffer.of(0))
  const last = Math.max(...numbers)
  const bytes = Buffer.alloc(1 + (last >> 3) + 1)
  bytes[0] = 7 - (last & 7)
  for (const number of numbers) bytes[1 + (number >> 3)] = (bytes[1 + (number >> 3)] ?? 0) | (0x80 >> (number & 7))
  return der(0x03, bytes)
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

function base128(arc: bigint): number[] {
  const septets = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) septets.unshift(Number(rest & 0x7fn) | 0x80)
  return septets
}
