/** One DER value around its parts; `identifier` is the whole first byte, 0x30 for SEQUENCE (X.690 section 8.1). */
export function writeDer(identifier: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(identifier), writeLength(contents.length), contents])
}

/** Two's complement in the fewest bytes (X.690 section 8.3.2). */
export function writeInteger(value: bigint): Buffer {
  const bits = (value < 0n ? ~value : value).toString(2).length
  const bytes = Math.floor(bits / 8) + 1
  const hex = BigInt.asUintN(bytes * 8, value).toString(16)
  return writeDer(0x02, Buffer.from(hex.padStart(bytes * 2, '0'), 'hex'))
}

/** From the dotted form (X.690 section 8.19). */
export function writeObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return writeDer(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(writeArc)))
}

function writeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const needed = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return Buffer.concat([Buffer.of(0x80 | needed.length), needed])
}

/** Seven bits a byte, all but the last one marked. */
function writeArc(arc: number): readonly number[] {
  const septets = [arc % 128]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) septets.unshift((rest % 128) | 0x80)
  return septets
}
