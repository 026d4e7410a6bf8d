/** FNV-1a of 32 bits. Numbers chosen to collide make a look-up walk the list, and nothing worse. */
export function serialNumberHash(contents: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of contents) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Contents of the INTEGER that CertificateFacts hold in hexadecimal: two's complement in the fewest bytes. */
export function serialNumberContents(serialNumber: string): Buffer {
  const digits = serialNumber.replace('-', '')
  const value = serialNumber.startsWith('-') ? -BigInt(`0x${digits}`) : BigInt(`0x${digits}`)
  let bits = 8
  while (BigInt.asIntN(bits, value) !== value) bits += 8
  const hex = BigInt.asUintN(bits, value).toString(16)
  return Buffer.from(hex.padStart(bits / 4, '0'), 'hex')
}
