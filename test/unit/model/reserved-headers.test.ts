import { describe, expect, it } from 'vitest'
import { isIdentityHeader, isReservedHeader, normalisedHeaderName } from '../../../src/model/reserved-headers.ts'

const IDENTITY_HEADERS = [
  'Client-Cert',
  'Client-Cert-Chain',
  'SSL-Client-Cert',
  'SSL-Client-Subject-DN',
  'SSL-Client-Verify',
  'X-Client-Cert',
  'X-Client-SSL-Cert',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
  'X-SSL-Cert',
  'X-SSL-Client-Cert',
  'X-SSL-Client-DN',
  'X-SSL-Client-Verify',
  'X-TLSClientCert',
  'X-TLSClientCertCN',
  'X-TLSClientCertThumbprint',
]

const GATEWAY_HEADERS = [
  'Accept',
  'Authorization',
  'Connection',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'Cookie',
  'Date',
  'Decision-Id',
  'Expect',
  'Forwarded',
  'Host',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Via',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Real-IP',
]

function spellingsOf(name: string): string[] {
  const cases = [name, name.toLowerCase(), name.toUpperCase()]
  return [...cases, ...cases.map((each) => each.replaceAll('-', '_')), name.replace('-', '_')]
}

describe('reserved headers', () => {
  it.each(IDENTITY_HEADERS)('say whom the gateway verified, however spelled: %s', (name) => {
    for (const spelling of spellingsOf(name)) {
      expect({ spelling, identity: isIdentityHeader(spelling) }).toEqual({ spelling, identity: true })
      expect({ spelling, reserved: isReservedHeader(spelling) }).toEqual({ spelling, reserved: true })
    }
  })

  it.each(GATEWAY_HEADERS)('frame, route or authorise a message, however spelled: %s', (name) => {
    for (const spelling of spellingsOf(name))
      expect({ spelling, reserved: isReservedHeader(spelling) }).toEqual({ spelling, reserved: true })
  })

  it.each(GATEWAY_HEADERS)('that only carry a message say of nobody who it is: %s', (name) => {
    expect(isIdentityHeader(name)).toBe(false)
  })

  it.each(['traceparent', 'x-fapi-interaction-id', 'client-certificate', 'x-client-cert-note', 'constructor', ''])(
    'do not take in their neighbours: "%s"',
    (name) => {
      expect(isReservedHeader(name)).toBe(false)
    },
  )

  it('are compared in lower case with dashes alone', () => {
    expect(normalisedHeaderName('X_Forwarded-CLIENT_Cert')).toBe('x-forwarded-client-cert')
  })
})
