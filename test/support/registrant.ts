import { request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import type { SecureVersion } from 'node:tls'

/** What a registrant is at the TLS level. */
export interface RegistrantIdentity {
  /** Leaf and intermediates as PEM; null to present none. */
  readonly certificate: string | null
  readonly privateKey: string | null
  /** Issuer of the gateway's server certificate. */
  readonly serverCa: string
}

export interface RegistrantAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Record<string, unknown>
}

export interface RegistrantRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer | object
  readonly signal?: AbortSignal
  /** Host name of the TLS handshake where it is not that of the URL. */
  readonly serverName?: string
  readonly maxVersion?: SecureVersion
}

/** With those of OpenSSL 3.5 a client does not show a weak key, and could not be told that it is one. */
export const CIPHERS_OF_THE_CARELESS = 'DEFAULT:@SECLEVEL=0'

/** Sends one request over a TLS connection of its own. */
export async function sendAs(
  identity: RegistrantIdentity,
  { method, url, headers = {}, body, signal, serverName, maxVersion }: RegistrantRequest,
): Promise<RegistrantAnswer> {
  const payload =
    body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const { certificate, privateKey, serverCa } = identity
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        ...(signal === undefined ? {} : { signal }),
        ...(serverName === undefined ? {} : { servername: serverName }),
        ...(maxVersion === undefined ? {} : { maxVersion }),
        ca: serverCa,
        ciphers: CIPHERS_OF_THE_CARELESS,
        ...(certificate === null ? {} : { cert: certificate }),
        ...(privateKey === null ? {} : { key: privateKey }),
        headers: {
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parseObject(text) })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

function parseObject(text: string): Record<string, unknown> {
  if (text === '') return {}
  return JSON.parse(text) as Record<string, unknown>
}
