/** Why the identity server gave no usable reply. `sent` is false only when certainly not a byte of the request was written. */
export class UpstreamFailure extends Error {
  readonly kind: 'unreachable' | 'timeout' | 'too-large' | 'broken' | 'registrant-gone'
  readonly sent: boolean

  constructor(kind: UpstreamFailure['kind'], sent: boolean, cause?: unknown) {
    super(`identity server: ${kind}`, { cause })
    this.name = 'UpstreamFailure'
    this.kind = kind
    this.sent = sent
  }
}
