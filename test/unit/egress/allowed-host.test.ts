import { describe, expect, it } from 'vitest'
import { allowedHost } from '../../../src/egress/allowed-host.ts'

const LIST = ['ocsp.example.com', '*.pki.example', 'Mixed.Example', 'dotted.example.', '192.0.2.1', '::1']

describe('a list of hosts', () => {
  it.each([
    'ocsp.example.com',
    'OCSP.EXAMPLE.COM',
    'ocsp.example.com.',
    'a.pki.example',
    'a.b.pki.example',
    'mixed.example',
    'dotted.example',
    '192.0.2.1',
    '::1',
  ])('has %s', (host) => {
    expect(allowedHost(host, LIST)).toBe(true)
  })

  it.each([
    'example.com',
    'other.example.com',
    'a.ocsp.example.com',
    'ocsp.example.com.evil.example',
    'ocsp.example.comx',
    'xocsp.example.com',
    'pki.example',
    '.pki.example',
    'evilpki.example',
    'pki.example.evil',
    '*.pki.exampl',
    '',
    '.',
    '192.0.2.10',
  ])('has not %j', (host) => {
    expect(allowedHost(host, LIST)).toBe(false)
  })

  it('that is empty has nothing', () => {
    expect(allowedHost('ocsp.example.com', [])).toBe(false)
  })
})
